internal import Caisson

/// git over HTTPS; that there is no repository at the server's root doesn't matter.
struct GitInside: InsideClient {
    let name = "git"
    let programs = ["git"]
    let environment = ["LC_ALL=C", "GIT_TERMINAL_PROMPT=0"]

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=\(seconds)", "ls-remote", "\(endpoint)/"]
    }

    func obstacle(to proxy: InsideProxy) -> String? { nil }

    func answered(status: Int, output: String) -> Bool {
        let answers = [
            "not found", "not valid: is this a git repository", "The requested URL returned error: ",
            "could not read Username",
        ]
        // The proxy's own answers are told in the same words, with CONNECT before them.
        return status == 0 || !output.contains("CONNECT") && answers.contains { output.contains($0) }
    }
}
