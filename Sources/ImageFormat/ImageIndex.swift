/// A list of images, usually one a platform: OCI's index or Docker's manifest list.
public struct ImageIndex: Sendable {
    /// How many manifests an index may list.
    public static let manifestLimit = 1000

    /// The document.
    public let document: JSONDocument
    /// What it lists.
    public let manifests: [Descriptor]
    /// Its annotations.
    public let annotations: [String: String]

    /// Reads an index.
    public init(_ bytes: [UInt8]) throws(ImageFormatError) {
        document = try JSONDocument(image: bytes)
        guard let list = document.root["manifests"] else { throw .missing("manifests") }
        guard list.elements.count <= Self.manifestLimit else {
            throw .invalid("manifests", "it lists more than \(Self.manifestLimit)")
        }
        var manifests: [Descriptor] = []
        for (number, value) in list.elements.enumerated() {
            manifests.append(try Descriptor(value, at: "manifests[\(number)]"))
        }
        self.manifests = manifests
        annotations = document.root["annotations"]?.strings ?? [:]
    }

    /// The index with other blobs in place of some, by number, and some left out; every other byte stays.
    ///
    /// - Parameter annotating: annotations to set, where Docker's lists have none.
    public func replacing(
        _ replaced: [Int: Descriptor], leavingOut dropped: Set<Int> = [], annotating: [String: String] = [:]
    ) -> [UInt8] {
        var edit = JSONEdit(document)
        for (number, descriptor) in replaced { edit.set(descriptor, in: manifests[number].value) }
        if let list = document.root["manifests"] { edit.remove(elements: dropped, from: list) }
        edit.annotate(annotating, in: document.root)
        return edit.result
    }

    /// The index with another descriptor at its end.
    public func appending(_ descriptor: Descriptor) -> [UInt8] {
        var edit = JSONEdit(document)
        if let list = document.root["manifests"] { edit.append(descriptor.json, to: list) }
        return edit.result
    }

    /// The index that this one was made from by annotating it with a base and replacing images: the digest that it had.
    public var recordedBase: Digest? {
        annotations[LayerMark.versionKey] == nil ? nil : annotations[LayerMark.baseKey].flatMap { Digest($0) }
    }

    /// The annotations that record what it was made from; none where its type can't have any.
    public func marking(base: Digest, version: String) -> [String: String] {
        guard document.root["mediaType"]?.string != MediaType.dockerList.text else { return [:] }
        var marks = [LayerMark.baseKey: base.description, LayerMark.versionKey: version]
        marks[LayerMark.formerBaseKey] = annotations[LayerMark.baseKey]
        return marks
    }

    /// The bytes that it may have had before it was marked, with these blobs in place of those by number; the right ones
    /// have the digest of `recordedBase`.
    public func candidatesBelow(_ replaced: [Int: Descriptor]) -> [[UInt8]] {
        let former = annotations[LayerMark.formerBaseKey]
        var keys: Set<String> = [LayerMark.versionKey, LayerMark.formerBaseKey]
        if former == nil { keys.insert(LayerMark.baseKey) }
        return JSONEdit.candidates(without: keys, from: document) { edit in
            for (number, descriptor) in replaced { edit.set(descriptor, in: manifests[number].value) }
            if let former, let base = document.root["annotations"]?[LayerMark.baseKey] {
                edit.replace(base, with: JSONEdit.quoted(former))
            }
        }
    }
}

extension JSONEdit {
    /// Points a descriptor at another blob.
    mutating func set(_ descriptor: Descriptor, in value: JSONValue?) {
        if let old = value?["digest"], old.string != descriptor.digest.description {
            replace(old, with: "\"\(descriptor.digest)\"")
        }
        if let old = value?["size"], old.integer != descriptor.size { replace(old, with: "\(descriptor.size)") }
    }

    /// Sets annotations: those that are there in place, others at the end.
    mutating func annotate(_ annotations: [String: String], in root: JSONValue) {
        guard !annotations.isEmpty else { return }
        guard let object = root["annotations"], case .object = object.kind else {
            return append([("annotations", Self.object(annotations))], to: root)
        }
        for (key, text) in annotations {
            if let old = object[key], old.string != text { replace(old, with: Self.quoted(text)) }
        }
        let new = annotations.filter { object[$0.key] == nil }.sorted { $0.key < $1.key }
        append(new.map { ($0.key, Self.quoted($0.value)) }, to: object)
    }

    /// The document without these annotations and with other changes: once with the object that held them, and once,
    /// where nothing else is in it, without.
    static func candidates(
        without keys: Set<String>, from document: JSONDocument, changed: (inout JSONEdit) -> Void
    ) -> [[UInt8]] {
        var inner = JSONEdit(document)
        changed(&inner)
        guard let object = document.root["annotations"] else { return [inner.result] }
        var outer = inner
        inner.remove(members: keys, from: object)
        guard object.members.allSatisfy({ keys.contains($0.name) }) else { return [inner.result] }
        outer.remove(members: ["annotations"], from: document.root)
        return [outer.result, inner.result]
    }
}
