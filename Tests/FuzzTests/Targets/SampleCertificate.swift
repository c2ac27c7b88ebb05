import TrustAnchors

/// A root that is the same in every run, so that a case does the same whenever it is replayed.
enum SampleCertificate {
    static let der = PEM.blocks(in: Array(pem.utf8)).compactMap(\.certificate).first ?? []

    private static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBejCCASCgAwIBAgICD6EwCgYIKoZIzj0EAwIwLDESMBAGA1UECgwJQWNtZSBD
        b3JwMRYwFAYDVQQDDA1BY21lIFByb3h5IENBMB4XDTI1MTIyMjAwMDAwMFoXDTQ1
        MDMwMjAwMDAwMFowLDESMBAGA1UECgwJQWNtZSBDb3JwMRYwFAYDVQQDDA1BY21l
        IFByb3h5IENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnicjQ0IovpBWsv2k
        WwQ08bxwxO5ARD1aDwquziu/JUM83cmJ6cimOhiheLa6aSK2pWoY2c4G5nZShbJJ
        ulk0IqMyMDAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUHN2rCYDcvbymI1j9
        7TKxCIRc8uowCgYIKoZIzj0EAwIDSAAwRQIgBGGJQFnO9PQYqq+yt93BW3Uwsz4p
        KTjjlSuH2dRx8SkCIQDz1GFuygGcJV9uyXTH88DtG6RFR2gOasdFkQnuG/aNHw==
        -----END CERTIFICATE-----
        """
}
