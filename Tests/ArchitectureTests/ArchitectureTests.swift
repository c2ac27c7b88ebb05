import Foundation
import Testing

/// The rules of ARCHITECTURE.md that a text search can check.
@Suite("The architecture")
struct ArchitectureTests {
    /// What each target may import of this package; the table in ARCHITECTURE.md says the same.
    static let allowed: [String: Set<String>] = [
        "RootFS": [],
        "TrustAnchors": ["RootFS"],
        "TrustStores": ["RootFS", "TrustAnchors"],
        "ChainVerification": ["RootFS", "TrustAnchors"],
        "Caisson": ["RootFS", "TrustAnchors", "TrustStores", "ChainVerification"],
        "TLSProbe": ["RootFS", "TrustAnchors", "ChainVerification", "Caisson"],
        "Tar": ["RootFS"],
        "ImageFormat": ["RootFS"],
        "ImageLayers": ["RootFS", "Tar"],
        "ImagePlaces": [
            "Caisson", "CInflate", "ImageFormat", "ImageLayers", "LocalDisk", "RootFS", "Tar", "TrustAnchors",
        ],
        "Engine": ["RootFS", "ChainVerification", "Caisson"],
        "ContainerPlaces": [
            "Caisson", "ChainVerification", "RootFS", "Journal", "LocalDisk", "LocalPlaces", "Engine", "Tar",
        ],
        "LocalDisk": ["RootFS", "CLinux"],
        "Journal": ["Caisson", "RootFS", "LocalDisk"],
        "LocalPlaces": ["Caisson", "RootFS", "Journal", "LocalDisk"],
    ]

    /// The targets that do no I/O.
    static let pure = [
        "RootFS", "Tar", "TrustAnchors", "TrustStores", "ChainVerification", "Caisson", "ImageFormat", "ImageLayers",
    ]

    static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    static func files(of target: String) throws -> [(name: String, text: String)] {
        let folder = sources.appending(path: target)
        let names = try #require(FileManager.default.enumerator(atPath: folder.path))
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { name in
            (name, try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
    }

    static func imports(of text: String) -> Set<String> {
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return Set(
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count else { return nil }
                return String(words[at + 1])
            })
    }

    @Test("imports point downwards only", arguments: allowed.keys.sorted())
    func direction(target: String) throws {
        let ours = Set(try FileManager.default.contentsOfDirectory(atPath: Self.sources.path))
        for file in try Self.files(of: target) {
            let wrong = Self.imports(of: file.text).intersection(ours).subtracting(Self.allowed[target] ?? [])
            #expect(wrong.isEmpty, "\(target)/\(file.name) imports \(wrong.sorted())")
        }
    }

    @Test("the middle does no I/O and asks for nothing", arguments: pure)
    func purity(target: String) throws {
        let banned = [
            "FileManager", "Process(", "Date()", "random(", "SystemRandomNumberGenerator", "#if os", "getenv", "Glibc",
            "import Foundation\n", " print(",
        ]
        for file in try Self.files(of: target) {
            for word in banned { #expect(!file.text.contains(word), "\(target)/\(file.name) has \(word)") }
        }
    }

    @Test("nothing traps on input")
    func noTraps() throws {
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
        where !["CLinux", "CInflate"].contains(target) {
            for file in try Self.files(of: target) {
                for word in ["try!", "as!", "fatalError(", "preconditionFailure("] {
                    #expect(!file.text.contains(word), "\(target)/\(file.name) has \(word)")
                }
            }
        }
    }
}
