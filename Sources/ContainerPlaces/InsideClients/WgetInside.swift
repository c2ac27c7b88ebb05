internal import Caisson

/// GNU's wget and BusyBox's, which checks no certificate.
struct WgetInside: InsideClient {
    let name = "wget"
    let programs = ["wget"]
    let environment = ["LC_ALL=C"]

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["-T", "\(seconds)", "-t", "1", "-O", "/dev/null", "\(endpoint)/"]
    }

    /// GNU's tells the status of the server's answer, and BusyBox's the one of an error.
    func answered(status: Int, output: String) -> Bool {
        let parts = output.split(separator: "awaiting response... ", omittingEmptySubsequences: false)
        return status == 0 || output.contains("server returned error: HTTP/")
            || parts.dropFirst().contains { $0.utf8.first.map { (0x31...0x39).contains($0) } ?? false }
    }
}
