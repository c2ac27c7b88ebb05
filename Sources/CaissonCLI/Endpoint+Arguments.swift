import Caisson
import RootFS

extension Endpoint {
    /// The servers of a command line, each once.
    static func all(_ urls: [String]) throws(CaissonError) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        for url in urls {
            guard let endpoint = Endpoint(url: url) else { throw CaissonError(notAServer: url) }
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints
    }
}

extension CaissonError {
    /// Why a text isn't the URL of a TLS server.
    init(notAServer text: String) {
        let reason = "this isn't the URL of a TLS server"
        if text.contains("@"), WebAddress(text)?.userInformation == nil {
            self.init(
                .usage, "the URL of a server", "a user or a password has no place in it",
                hint: "write https://HOST or https://HOST:PORT")
        } else if let address = WebAddress(text), address.userInformation != nil {
            // Who wrote a password there needn't see it again.
            self.init(
                .usage, "\(address)", "a user or a password has no place in the URL of a server",
                hint: "leave out what stands before the @")
        } else if let address = WebAddress(text, defaultScheme: "https") {
            self.init(.usage, printable(text), reason, hint: "write https://\(address.authority)")
        } else if !text.utf8.allSatisfy({ $0 < 0x80 }) {
            self.init(.usage, printable(text), reason, hint: "write the name in its ASCII form, xn--…")
        } else {
            self.init(.usage, printable(text), reason, hint: "write https://HOST or https://HOST:PORT")
        }
    }
}
