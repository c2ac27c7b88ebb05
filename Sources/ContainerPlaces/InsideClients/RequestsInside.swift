internal import Caisson

/// Python's requests, which as it comes from PyPI has roots of its own.
struct RequestsInside: InsideClient {
    let name = "requests"
    let programs = ["python3", "python"]

    private static let script = """
        import sys
        try:
            import requests
        except ImportError:
            sys.exit(\(InsideClients.isAbsent))
        try:
            requests.get(sys.argv[1], timeout=float(sys.argv[2]), stream=True)
        except Exception as error:
            sys.exit(str(error))
        """

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["-c", Self.script, "\(endpoint)/", "\(seconds)"]
    }
}
