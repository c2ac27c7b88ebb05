import RootFS
import TrustAnchors

/// Where the locations of one store disagree.
enum Drift {
    /// Anchors in a source that an extracted location lacks, and certificates in an extracted location that have no
    /// source (only where the store knows what is packaged).
    static func between(_ locations: [StoreSurvey.Location]) -> [Diagnostic] {
        let sources = locations.filter { $0.role == .source }
        let extracted = locations.filter { $0.role == .extracted }
        var found: [Diagnostic] = []
        for location in extracted {
            let present = Set(location.fingerprints)
            for source in sources {
                for fingerprint in source.fingerprints where !present.contains(fingerprint) {
                    found.append(
                        Diagnostic(
                            "not-extracted", at: location.path,
                            "\(fingerprint) is in \(source.path) but not in \(location.path)"))
                }
            }
        }
        guard locations.contains(where: { $0.role == .packaged }) else { return found }
        let kept = Set(locations.filter { $0.role != .extracted }.flatMap(\.fingerprints))
        for location in extracted {
            for fingerprint in location.fingerprints where !kept.contains(fingerprint) {
                found.append(
                    Diagnostic(
                        "no-source", at: location.path,
                        "\(fingerprint) is only in \(location.path); the next upgrade will drop it"))
            }
        }
        return found
    }

    /// What an extracted location lacks of what belongs in it, and what it has beside.
    static func between(_ found: [[UInt8]], and expected: [[UInt8]], at path: RootPath) -> [Diagnostic] {
        let present = Set(found)
        let kept = Set(expected)
        return expected.filter { !present.contains($0) }.map {
            Diagnostic("not-extracted", at: path, "\(Fingerprint(of: $0)) is in the sources but not in \(path)")
        }
            + found.filter { !kept.contains($0) }.map {
                Diagnostic(
                    "no-source", at: path,
                    "\(Fingerprint(of: $0)) is only in \(path); the next upgrade will drop it")
            }
    }

    /// Blocks of a bundle that can't be read.
    static func brokenBlocks(of bundle: PEMBundle, at path: RootPath) -> [Diagnostic] {
        bundle.broken.map { block in
            Diagnostic(
                "broken-block", at: path,
                "\(path): the block at byte \(block.range.lowerBound) can't be read (\(block.defect ?? "it isn't a certificate")); "
                    + "OpenSSL refuses the whole file for it")
        }
    }
}

extension CertificateLinks {
    /// The certificates that OpenSSL finds here: by `HASH.0`, `HASH.1`, … up to the first number that is missing
    /// (crypto/x509/by_dir.c).
    func reachable() throws(PlanError) -> [PEM.Block] {
        var found: [PEM.Block] = []
        var seen: Set<Fingerprint> = []
        let names = try root.names(in: directory)
        let links = Set(names.compactMap(HashLink.init))
        for name in names {
            guard let link = HashLink(name), !link.isRevocationList, link.number == 0 else { continue }
            var next = link
            while links.contains(next) {
                guard let contents = try? root.contents(of: directory.appending(next.name)) else { break }
                for block in PEM.blocks(in: contents) {
                    guard let der = block.certificate, SubjectHash.current(of: der) == link.hash,
                        seen.insert(Fingerprint(of: der)).inserted
                    else { continue }
                    found.append(block)
                }
                next = HashLink(hash: link.hash, number: next.number + 1)
            }
        }
        return found
    }

    /// Links that lead nowhere.
    func dangling() throws(PlanError) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for name in try root.names(in: directory) {
            let path = directory.appending(name)
            guard let target = try target(of: name), try !leadsSomewhere(path) else { continue }
            found.append(
                Diagnostic("dangling-link", at: path, "\(path) leads to \(printable(target)), which isn't there"))
        }
        return found
    }
}
