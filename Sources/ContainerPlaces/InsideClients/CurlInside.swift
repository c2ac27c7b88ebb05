internal import Caisson

struct CurlInside: InsideClient {
    let name = "curl"
    let programs = ["curl"]

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["--silent", "--show-error", "--output", "/dev/null", "--max-time", "\(seconds)", "\(endpoint)/"]
    }

    func obstacle(to proxy: InsideProxy) -> String? { nil }
}
