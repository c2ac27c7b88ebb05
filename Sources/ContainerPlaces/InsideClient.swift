internal import Caisson

/// A program that a container may have, and how it is made to ask an HTTPS server.
///
/// A new one is one file in `InsideClients` and one line in `InsideClients.all`.
protocol InsideClient: Sendable {
    /// As reports name it.
    var name: String { get }
    /// The names that it may have on the `PATH`; the first that is there is taken.
    var programs: [String] { get }
    /// The arguments after the program's own name.
    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String]
    /// Variables that it needs beside the proxy's; none where nothing is said.
    var environment: [String] { get }
    /// Why it can't be asked through this proxy; nil where it can.
    func obstacle(to proxy: InsideProxy) -> String?
    /// Whether the server's answer came, whatever it says: the connection was made and the certificate accepted.
    func answered(status: Int, output: String) -> Bool
}

extension InsideClient {
    var environment: [String] { [] }

    func obstacle(to proxy: InsideProxy) -> String? { proxy.kind == .socks ? "it knows no SOCKS proxies" : nil }

    func answered(status: Int, output: String) -> Bool { status == 0 }
}

/// The clients that are known, in the order of reports.
enum InsideClients {
    static let all: [any InsideClient] = [
        CurlInside(), WgetInside(), OpenSSLInside(), PythonInside(), RequestsInside(), NodeInside(), JavaInside(),
        GitInside(),
    ]

    /// What a script of ours ends with where the container hasn't the library that it is about.
    static let isAbsent = 43
}
