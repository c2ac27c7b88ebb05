internal import Caisson

/// A script of ours that a container's Python runs: it gets the URL and how many seconds it may take.
protocol PythonScript: InsideClient {
    static var script: String { get }
}

extension PythonScript {
    var programs: [String] { ["python3", "python"] }

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["-c", Self.script, "\(endpoint)/", "\(seconds)"]
    }
}
