internal import Caisson

/// Java's own `HttpsURLConnection`, by a main class that every runtime has: keytool's, which fetches a revocation list from
/// a URL. What it makes of the answer, which is none, doesn't matter.
struct JavaInside: InsideClient {
    let name = "java"
    let programs = ["java"]

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        var words = ["-Duser.language=en"]
        for name in ["Connect", "Read"] { words.append("-Dsun.net.client.default\(name)Timeout=\(seconds * 1000)") }
        if let proxy {
            words += [
                "-Dhttps.proxyHost=\(proxy.host)", "-Dhttps.proxyPort=\(proxy.port)", "-Dhttp.nonProxyHosts=",
            ]
        }
        return words + ["sun.security.tools.keytool.Main", "-printcrl", "-file", "\(endpoint)/"]
    }

    func obstacle(to proxy: InsideProxy) -> String? {
        if proxy.kind != .http { return "it knows plain HTTP proxies only" }
        return proxy.hasCredentials ? "only a program of one's own can give it a proxy's password" : nil
    }

    func answered(status: Int, output: String) -> Bool {
        status == 0
            || ["CRLException", "FileNotFoundException: https:", "Server returned HTTP response code"]
                .contains { output.contains($0) }
    }
}
