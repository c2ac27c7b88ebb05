/// Python's requests, which as it comes from PyPI has roots of its own.
struct RequestsInside: PythonScript {
    let name = "requests"

    static let script = """
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
}
