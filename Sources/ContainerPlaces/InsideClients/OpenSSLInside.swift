internal import Caisson
internal import ChainVerification

/// A handshake and no request: `s_client` ends with its input, which is empty.
struct OpenSSLInside: InsideClient {
    let name = "openssl"
    let programs = ["openssl"]

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        var words = ["s_client", "-connect", endpoint.authority, "-verify_return_error"]
        switch endpoint.host {
        case .dns(let name): words += ["-servername", name, "-verify_hostname", name]
        case .address(let address): words += ["-noservername", "-verify_ip", "\(address)"]
        }
        if let proxy { words += ["-proxy", "\(proxy.host.urlForm):\(proxy.port)"] }
        return words
    }

    func obstacle(to proxy: InsideProxy) -> String? {
        if proxy.kind != .http { return "it knows plain HTTP proxies only" }
        return proxy.hasCredentials ? "it takes a proxy's user only on its command line, which others can see" : nil
    }
}
