import Foundation

/// What a real client said of a server.
struct ClientOpinion: Sendable {
    let accepts: Bool
    /// OpenSSL's number of the first thing that it found wrong (`X509_V_ERR_*`), where the client tells.
    let firstError: Int?
    /// What it printed, for when tests fail.
    let output: String
}

/// A client that is installed here, with the anchors of one file.
enum RealClient: String, CaseIterable, Sendable {
    case openssl
    case curl
    /// Python's ssl with the flags that `ssl.create_default_context` sets from Python 3.13 on.
    case strict

    func opinion(on host: String, port: Int, bundle: String) async throws -> ClientOpinion {
        switch self {
        case .openssl: try await openssl(host, port, bundle)
        case .curl: try await curl(host, port, bundle)
        case .strict: try await python(host, port, bundle)
        }
    }

    private func openssl(_ host: String, _ port: Int, _ bundle: String) async throws -> ClientOpinion {
        let isAddress = host.allSatisfy { $0.isNumber || $0 == "." }
        let outcome = try await outcome(of: [
            "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", bundle, "-no-CApath", "-no-CAstore",
            "-verify_return_error", isAddress ? "-verify_ip" : "-verify_hostname", host,
        ])
        let output = outcome.output + outcome.errors
        let number = output.firstMatch(of: /verify error:num=(\d+)/).flatMap { Int($0.output.1) }
        let isGood = output.contains("Verify return code: 0 (ok)") && number == nil
        return ClientOpinion(accepts: isGood, firstError: number, output: output)
    }

    private func curl(_ host: String, _ port: Int, _ bundle: String) async throws -> ClientOpinion {
        let outcome = try await outcome(of: [
            "curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", bundle, "--resolve",
            "\(host):\(port):127.0.0.1",
            "--max-time", "10", "--output", "/dev/null", "https://\(host):\(port)/",
        ])
        return ClientOpinion(accepts: outcome.status == 0, firstError: nil, output: outcome.errors)
    }

    private func python(_ host: String, _ port: Int, _ bundle: String) async throws -> ClientOpinion {
        let script = """
            import socket, ssl, sys
            context = ssl.create_default_context(cafile=sys.argv[3])
            context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
            with socket.create_connection(("127.0.0.1", int(sys.argv[2])), 10) as plain:
                try:
                    with context.wrap_socket(plain, server_hostname=sys.argv[1]): print("ok 0")
                except ssl.SSLCertVerificationError as error: print("refused", error.verify_code, error)
            """
        let outcome = try await outcome(of: ["python3", "-c", script, host, "\(port)", bundle]).checked()
        let words = outcome.output.split(separator: " ")
        return ClientOpinion(
            accepts: words.first == "ok", firstError: words.dropFirst().first.flatMap { Int($0) },
            output: outcome.output)
    }
}
