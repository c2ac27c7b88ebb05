import Crypto
import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("The verdicts are those of the verifiers that people use")
struct VerifierAgreementTests {
    @Test("OpenSSL's, by default and strict", arguments: Case.all)
    func openSSL(_ made: Case) throws {
        let directory = try chain(made)
        func verifies(_ options: String...) throws -> Bool {
            let command = [
                "openssl", "verify", "-attime", "\(Case.now)", "-purpose", "sslserver", "-CAfile", "root.pem",
            ]
            return try Tool.run(command + options + ["leaf.pem"], in: directory.path).status == 0
        }
        #expect(try verifies() == made.isGoodForOpenSSL)
        #expect(try verifies("-x509_strict", "-partial_chain") == made.isGoodForStrict)
    }

    @Test("Python's, in a TLS handshake with the flags that it sets since 3.13", arguments: Case.all)
    func python(_ made: Case) throws {
        let directory = try chain(made)
        let result = try Tool.run(["python3", "-c", Self.handshake], in: directory.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.text == (made.isGoodForStrict ? "good\n" : "refused\n"), "\(result.errors)")
    }

    @Test("an error is never one that every verifier overlooks, but for those that Caisson alone knows")
    func errorsAreErrors() {
        for made in Case.all where made.findings.contains(where: { $0.severity == .error }) {
            let onlyOurs: Set<Finding.ID> = [.unsafeName, .negativeSerial]
            let isRefused = !made.isGoodForOpenSSL || !made.isGoodForStrict
            #expect(isRefused || made.findings.allSatisfy(onlyOurs.contains), "\(made.testDescription)")
        }
    }

    private func chain(_ made: Case) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let key = P256.Signing.PrivateKey()
        try directory.write(PEM.encode(made.root.der), as: "root.pem")
        try directory.write(PEM.encode(made.root.leaf(key: key).der), as: "leaf.pem")
        try directory.write(Array(key.pemRepresentation.utf8), as: "key.pem")
        return directory
    }

    /// Client and server talk through memory.
    private static let handshake = """
        import ssl
        client = ssl.create_default_context(cafile="root.pem")
        client.verify_flags |= ssl.VERIFY_X509_STRICT | 0x80000  # VERIFY_X509_PARTIAL_CHAIN, named since 3.10
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain("leaf.pem", "key.pem")
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends = [client.wrap_bio(down, up, server_hostname="localhost"), server.wrap_bio(up, down, server_side=True)]
        done = set()
        try:
            while len(done) < 2:
                for end in ends:
                    try:
                        end.do_handshake()
                        done.add(end)
                    except ssl.SSLWantReadError:
                        pass
            print("good")
        except ssl.SSLCertVerificationError as error:
            print("refused")
            import sys
            print(error, file=sys.stderr)
        """
}
