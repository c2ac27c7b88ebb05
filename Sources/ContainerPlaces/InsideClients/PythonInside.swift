internal import Caisson

/// Python's own library.
struct PythonInside: InsideClient {
    let name = "python"
    let programs = ["python3", "python"]

    private static let script = """
        import sys
        try:
            import ssl, urllib.error, urllib.request
        except ImportError:
            sys.exit(\(InsideClients.isAbsent))
        try:
            urllib.request.urlopen(sys.argv[1], timeout=float(sys.argv[2]))
        except urllib.error.HTTPError:
            pass
        except Exception as error:
            sys.exit(str(error))
        """

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["-c", Self.script, "\(endpoint)/", "\(seconds)"]
    }
}
