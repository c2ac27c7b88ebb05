import ImageFormat
import Testing

@Suite("JSON that is changed in place")
struct JSONTests {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

    @Test("values know their bytes")
    func spans() throws {
        let text = #" { "a" : [1, -2.5e3, "x\n\u00e9\ud83d\ude00"], "b":{"c":null, "d":true} } "#
        let document = try document(text)
        let array = try #require(document.root["a"])
        #expect(array.elements.map(\.integer) == [1, nil, nil])
        #expect(array.elements[2].string == "x\n\u{E9}\u{1F600}")
        #expect(document.root["b"]?["d"]?.kind == .bool(true))
        let range = try #require(document.root["b"]?.range)
        #expect(String(decoding: document.bytes[range], as: UTF8.self) == #"{"c":null, "d":true}"#)
    }

    @Test(
        "adding and then removing gives the first bytes",
        arguments: ["{}", "{ }", #"{"a":1}"#, "{\n  \"a\": [ 1 , 2 ]\n}\n"])
    func inverse(text: String) throws {
        let before = try document(text)
        var adding = JSONEdit(before)
        adding.append([("x", "{\"y\":[1]}"), ("z", "2")], to: before.root)
        if let list = before.root["a"], !list.elements.isEmpty { adding.append("3", to: list) }

        let after = try JSONDocument(adding.result)
        #expect(after.root["x"]?["y"]?.elements.first?.integer == 1)
        var removing = JSONEdit(after)
        removing.remove(members: ["x", "z"], from: after.root)
        if let list = after.root["a"], !list.elements.isEmpty { removing.remove(elements: [2], from: list) }

        #expect(String(decoding: removing.result, as: UTF8.self) == text)
    }

    @Test("elements go with the comma beside them", arguments: [([0], "[2, 3]"), ([1], "[1, 3]"), ([0, 1, 2], "[]")])
    func removal(unwanted: [Int], left: String) throws {
        let before = try document("[1, 2, 3]")
        var edit = JSONEdit(before)
        edit.remove(elements: Set(unwanted), from: before.root)
        #expect(String(decoding: edit.result, as: UTF8.self) == left)
    }

    @Test(
        "what isn't JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\"}", "01", "1.", "\"\u{1}\"", "\"\\x\"", "\"\\u12\"", "nul", "[1] 2", "\"", "-",
            "{\"a\":1,\"a\":2}", "\"\\ud83d\\u0041\"",
        ])
    func syntax(text: String) { #expect(throws: JSONError.self) { try document(text) } }

    @Test("depth, size and number of values are bounded")
    func bounds() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError.tooDeep) { try JSONDocument(deep) }
        let long = [UInt8](repeating: 0x20, count: JSONDocument.sizeLimit + 1)
        #expect(throws: JSONError.tooLarge(limit: JSONDocument.sizeLimit)) { try JSONDocument(long) }
        let many = Array("[0".utf8) + Array(repeatElement(Array(",0".utf8), count: 300_000).joined()) + Array("]".utf8)
        #expect(throws: JSONError.tooManyValues) { try JSONDocument(many) }
    }
}
