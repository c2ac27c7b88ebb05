/// Python's own library.
struct PythonInside: PythonScript {
    let name = "python"

    static let script = """
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
}
