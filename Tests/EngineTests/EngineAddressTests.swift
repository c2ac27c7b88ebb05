import Testing

@testable import Engine

@Suite("The address of an engine")
struct EngineAddressTests {
    @Test("sockets and ports are read as DOCKER_HOST has them")
    func forms() throws {
        #expect(try EngineAddress("unix:///run/docker.sock") == .socket("/run/docker.sock"))
        #expect(try EngineAddress("tcp://127.0.0.1") == .tcp(host: "127.0.0.1", port: 2375, nil))
        #expect(try EngineAddress("tcp://[::1]:99") == .tcp(host: "[::1]", port: 99, nil))
        #expect(try EngineAddress("https://engine.example") == .tcp(host: "engine.example", port: 2376, EngineTLS()))
        #expect(try EngineAddress("tcp://h", tls: EngineTLS()).baseURL == "https://h:2376")
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "unix://relative", "npipe:////./pipe/x", "tcp://", "ssh://host"])
    func refused(text: String) {
        #expect(throws: EngineError.self) { try EngineAddress(text) }
    }

    @Test("the path of a socket is in the URL, and not in the Host header, which engines refuse")
    func hostHeader() {
        let address = EngineAddress.socket("/run/my docker.sock")
        #expect(address.baseURL == "http+unix://%2Frun%2Fmy%20docker.sock")
        #expect(address.hostHeader == "localhost")
    }

    @Test("versions compare by number")
    func versions() {
        #expect(APIVersion("1.9").map { $0 < .oldest } == true)
        #expect(APIVersion("1.41").map { $0 > .oldest && $0 < .newest } == true)
        for text in ["1", "1.2.3", "v1.41", "-1.4", "1.", "", "1.99999999999"] { #expect(APIVersion(text) == nil) }
    }

    @Test("the frames of both streams are joined; one that is cut off is taken as far as it goes")
    func frames() {
        let stream: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 2, 65, 66, 2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 67]
        #expect(EngineClient.unframed(stream) == Array("ABC".utf8))
        #expect(EngineClient.unframed([1, 0, 0]) == [])
    }
}
