import ImageFormat
import Testing

@Suite("Images' documents")
struct ImageFormatTests {
    @Test(
        "names are completed as docker completes them",
        arguments: [
            ("ubuntu", "docker.io/library/ubuntu:latest"), ("ubuntu:24.04", "docker.io/library/ubuntu:24.04"),
            ("me/app", "docker.io/me/app:latest"), ("docker.io/app", "docker.io/library/app:latest"),
            ("index.docker.io/me/app:1", "docker.io/me/app:1"), ("localhost/app", "localhost/app:latest"),
            ("localhost:5000/app", "localhost:5000/app:latest"), ("registry.corp/a/b:c", "registry.corp/a/b:c"),
        ])
    func references(name: String, whole: String) { #expect(ImageReference(name)?.description == whole) }

    @Test("a digest needs no tag")
    func digestReference() {
        let digest = Digest(of: [])
        #expect(ImageReference("app@\(digest)")?.description == "docker.io/library/app@\(digest)")
    }

    @Test(
        "what docker refuses is no name",
        arguments: ["", ":tag", "App", "a//b", "a/b:", "a_-b", "-a", "a.", "app:t@g", "app@sha256:12", "a...b", "a b"])
    func noReferences(name: String) { #expect(ImageReference(name) == nil) }

    private static let config = """
        {"architecture":"amd64", "os":"linux",
         "rootfs":{"type":"layers","diff_ids":["\(Digest(of: [1]))"]},
         "history":[{"created_by":"a"}, {"created_by":"b","empty_layer":true}], "unknown":[ 1 ]}
        """

    private static func manifest(_ annotations: String) -> [UInt8] {
        Array(
            """
            { "schemaVersion": 2,
              "config": {"mediaType":"application/vnd.oci.image.config.v1+json",
                         "size":\(config.utf8.count),"digest":"\(Digest(of: Array(config.utf8)))"},
              "layers": [ {"mediaType":"\(MediaType.layer)","digest":"\(Digest(of: [2]))","size":1} ]\(annotations)
            }
            """.utf8)
    }

    @Test(
        "a layer that is put on and taken off leaves no byte changed",
        arguments: [
            "", #","annotations":{}"#, #", "annotations" : { "a": "b" }"#,
            #","annotations":{"org.opencontainers.image.base.digest":"sha256:other","z":"y"}"#,
        ])
    func inverse(annotations: String) throws {
        let bytes = Self.manifest(annotations)
        let manifest = try ImageManifest(bytes, mediaType: .manifest)
        let config = try ImageConfig(Array(Self.config.utf8))
        let mark = LayerMark(anchors: [Digest(of: [3]).hex], base: Digest(of: bytes), version: "1")

        let newConfig = config.appending(diffID: Digest(of: [4]), mark: mark, created: "1970-01-01T00:00:00Z")
        let layer = Descriptor(of: [5], .layer)
        let new = manifest.appending(layer, config: Descriptor(of: newConfig, manifest.config.mediaType), mark: mark)

        let after = try ImageManifest(new, mediaType: .manifest)
        let configAfter = try ImageConfig(newConfig)
        #expect(after.layers.count == 2 && configAfter.diffIDs.count == 2)
        #expect(after.annotations["org.opencontainers.image.base.digest"] == Digest(of: bytes).description)
        #expect(configAfter.mark == mark)
        let configBelow = try #require(configAfter.withoutMarkedLayer())
        #expect(configBelow == Array(Self.config.utf8))
        let candidates = after.candidatesBelow(config: Descriptor(of: configBelow, manifest.config.mediaType))
        #expect(candidates.contains(bytes))
    }

    @Test("a manifest with a digest or a size that can't be is refused")
    func malformed() {
        for (good, bad) in [("\"size\":1", "\"size\":-1"), ("sha256:", "sha512:"), ("\"layers\"", "\"config\"")] {
            let text = String(decoding: Self.manifest(""), as: UTF8.self)
            let wrong = Array(text.replacing(good, with: bad).utf8)
            #expect(throws: ImageFormatError.self) { try ImageManifest(wrong, mediaType: .manifest) }
        }
    }

    @Test("a platform asks for a variant only where it names one")
    func platforms() throws {
        let arm = try #require(Platform("linux/arm/v7"))
        #expect(arm.satisfies(try #require(Platform("linux/arm"))))
        #expect(!arm.satisfies(try #require(Platform("linux/arm/v6"))))
        #expect(Platform("linux") == nil && Platform("linux//") == nil)
    }
}
