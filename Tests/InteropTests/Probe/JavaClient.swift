import Foundation
import Testing

/// Java's own TLS client with the anchors of one file: `SunJSSE` with the default PKIX trust manager, looking for the
/// host name as HTTPS does.
enum JavaClient {
    /// Running a source file takes the compiler.
    static let isInstalled =
        ProcessInfo.processInfo.environment["CI"] != nil
        || FileManager.default.isExecutableFile(atPath: "/usr/bin/javac")

    /// A server on loopback, the name that it is asked for, and a bundle, PEM.
    struct Question: Sendable {
        let host: String
        let port: Int
        let bundle: String
    }

    /// What Java makes of each server; one virtual machine answers all, since its start takes longest.
    static func opinions(on questions: [Question]) async throws -> [ClientOpinion] {
        let file = try Scratch.current.write(Array(source.utf8), to: "Client.java")
        let arguments = questions.flatMap { [$0.host, "\($0.port)", $0.bundle] }
        let lines = try await outcome(of: ["java", file] + arguments).checked().output.split(separator: "\n")
        try #require(lines.count == questions.count)
        return lines.map { ClientOpinion(accepts: $0 == "trusted", firstError: nil, output: String($0)) }
    }

    private static let source = #"""
        import java.io.*;
        import java.net.*;
        import java.security.*;
        import java.security.cert.*;
        import javax.net.ssl.*;

        class Client {
            public static void main(String[] arguments) throws Exception {
                for (int at = 0; at < arguments.length; at += 3) {
                    String said = "trusted";
                    try {
                        shakeHands(arguments[at], Integer.parseInt(arguments[at + 1]), arguments[at + 2]);
                    } catch (SSLException error) {
                        said = "refused: " + error.getMessage() + ": " + error.getCause();
                    }
                    System.out.println(said.replaceAll("\\s+", " "));
                }
            }

            static void shakeHands(String host, int port, String bundle) throws Exception {
                KeyStore store = KeyStore.getInstance("JKS");
                store.load(null, null);
                try (InputStream file = new FileInputStream(bundle)) {
                    for (var anchor : CertificateFactory.getInstance("X.509").generateCertificates(file))
                        store.setCertificateEntry("anchor" + store.size(), anchor);
                }
                var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(store);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, trust.getTrustManagers(), null);
                Socket plain = new Socket("127.0.0.1", port);
                plain.setSoTimeout(10000);
                try (var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                }
            }
        }
        """#
}

extension Trait where Self == ConditionTrait {
    static var needsJavaCompiler: Self {
        .enabled(if: JavaClient.isInstalled, "needs a JDK: run `make test`, or install default-jdk-headless")
    }
}
