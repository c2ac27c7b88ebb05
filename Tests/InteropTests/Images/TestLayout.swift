import Crypto
import Foundation
import RootFS
import Tar
import Testing

/// An OCI layout that a test makes from a few files, with whatever an image may have.
struct TestLayout {
    let path = "\(Scratch.current.path)/layout-\(UUID().uuidString.prefix(8))"
    private var tagged: [String] = []

    enum Packing: String, CaseIterable { case plain = "", gzip = "+gzip", zstd = "+zstd" }

    init() throws {
        try FileManager.default.createDirectory(atPath: path + "/blobs/sha256", withIntermediateDirectories: true)
        try Data(#"{"imageLayoutVersion": "1.0.0"}"#.utf8).write(to: URL(filePath: path + "/oci-layout"))
    }

    /// Writes a blob and gives its descriptor as JSON; `more` are members that begin with a comma.
    func blob(_ bytes: [UInt8], _ type: String, more: String = "") throws -> String {
        let digest = Self.digest(of: bytes)
        try Data(bytes).write(to: URL(filePath: "\(path)/blobs/sha256/\(digest.dropFirst(7))"))
        return #"{ "mediaType": "\#(type)", "size": \#(bytes.count), "digest": "\#(digest)"\#(more) }"#
    }

    static func digest(of bytes: [UInt8]) -> String {
        "sha256:" + SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    /// An image of these layers, as the descriptor of its manifest.
    func image(
        _ layers: [[TarEntry]], os: String = "linux", architecture: String = "amd64", packing: Packing = .gzip,
        isDocker: Bool = false
    ) async throws -> String {
        var (blobs, ids): ([String], [String]) = ([], [])
        for entries in layers {
            let archive = TarWriter.archive(of: entries)
            ids.append("\"\(Self.digest(of: archive))\"")
            let type =
                isDocker
                ? "application/vnd.docker.image.rootfs.diff.tar.gzip"
                : "application/vnd.oci.image.layer.v1.tar\(packing.rawValue)"
            blobs.append(try blob(try await Self.pack(archive, isDocker ? .gzip : packing), type))
        }
        let history = layers.map { _ in #"{"created_by":"test"}"# }.joined(separator: ", ")
        let config = """
            {"architecture": "\(architecture)", "os": "\(os)", "config": {"Env": ["PATH=/bin"]}, "x-unknown": [1, 2],
             "rootfs": {"type": "layers", "diff_ids": [\(ids.joined(separator: ", "))]}, "history": [\(history)]}
            """
        let kind =
            isDocker ? "application/vnd.docker.container.image.v1+json" : "application/vnd.oci.image.config.v1+json"
        let type =
            isDocker
            ? "application/vnd.docker.distribution.manifest.v2+json" : "application/vnd.oci.image.manifest.v1+json"
        let manifest = """
            {
               "schemaVersion": 2,
               "mediaType": "\(type)",
               "config": \(try blob(Array(config.utf8), kind)),
               "layers": [ \(blobs.joined(separator: ", ")) ]
            }
            """
        return try blob(
            Array(manifest.utf8), type,
            more: #", "platform": {"os": "\#(os)", "architecture": "\#(architecture)"}"#)
    }

    /// What buildx writes beside an image.
    func attestation(of digest: String) throws -> String {
        let config = try blob(
            Array(#"{"architecture":"unknown","os":"unknown","rootfs":{"type":"layers","diff_ids":[]}}"#.utf8),
            "application/vnd.oci.image.config.v1+json")
        let type = "application/vnd.oci.image.manifest.v1+json"
        let statement = try blob(Array("{}".utf8), "application/vnd.in-toto+json")
        let text = #"{"schemaVersion":2,"mediaType":"\#(type)","config":\#(config),"layers":[\#(statement)]}"#
        return try blob(
            Array(text.utf8), type,
            more: """
                , "annotations": {"vnd.docker.reference.digest": "\(digest)", \
                "vnd.docker.reference.type": "attestation-manifest"}, \
                "platform": {"architecture": "unknown", "os": "unknown"}
                """)
    }

    func index(_ manifests: [String]) throws -> String {
        let type = "application/vnd.oci.image.index.v1+json"
        let text =
            #"{ "schemaVersion": 2, "mediaType": "\#(type)", "manifests": [ \#(manifests.joined(separator: ",\n"))] }"#
        return try blob(Array(text.utf8), type)
    }

    /// Lists an image under a tag, and gives its place.
    mutating func tag(_ descriptor: String, _ tag: String) throws -> String {
        tagged.append(descriptor.dropLast() + #", "annotations": {"org.opencontainers.image.ref.name": "\#(tag)"} }"#)
        let text = #"{"schemaVersion": 2, "manifests": [\#(tagged.joined(separator: ", "))]}"#
        try Data(text.utf8).write(to: URL(filePath: path + "/index.json"))
        return "oci:\(path):\(tag)"
    }

    private static func pack(_ archive: [UInt8], _ packing: Packing) async throws -> [UInt8] {
        guard packing != .plain else { return archive }
        let file = try Scratch.current.write(archive, to: "layer-\(UUID().uuidString).tar")
        let tool = packing == .gzip ? ["gzip", "-n", "-k"] : ["zstd", "-q", "-k"]
        try await outcome(of: tool + [file]).checked()
        return Array(try Data(contentsOf: URL(filePath: file + (packing == .gzip ? ".gz" : ".zst"))))
    }
}

/// The digest in a descriptor.
func digest(in descriptor: String) throws -> String {
    let object = try JSONSerialization.jsonObject(with: Data(descriptor.utf8)) as? [String: Any]
    return try #require(object?["digest"] as? String)
}

extension TarEntry {
    static func file(_ name: String, _ contents: [UInt8] = [], mode: UInt16 = 0o644) -> TarEntry {
        TarEntry(name: Array(name.utf8), kind: .file(contents), attributes: Attributes(mode: mode))
    }

    static func directory(_ name: String, mode: UInt16 = 0o755) -> TarEntry {
        TarEntry(name: Array(name.utf8), kind: .directory, attributes: Attributes(mode: mode))
    }

    static func hardLink(_ name: String, to target: String) -> TarEntry {
        TarEntry(name: Array(name.utf8), kind: .hardLink(to: Array(target.utf8)), attributes: Attributes(mode: 0o644))
    }
}
