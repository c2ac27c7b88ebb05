internal import FoundationEssentials
internal import NIOHTTP1
internal import RootFS

extension EngineClient {
    /// What stands at a path of a container; nil where nothing does. Links on the way are followed, the last isn't.
    package func stat(_ path: [UInt8], in container: String) async throws(EngineError) -> PathStat? {
        let reply: EngineReply
        do throws(EngineError) {
            reply = try await send(archive(.HEAD, path, in: container, limit: 1 << 16))
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
        guard let header = reply.headers.first(name: "X-Docker-Container-Path-Stat"),
            let json = Data(base64Encoded: header), let stat = try? JSONDecoder().decode(PathStat.self, from: json)
        else { throw .unintelligible("what stands at a path") }
        return stat
    }

    /// What stands at a path as a tar archive: a file, a link itself, or a directory with all below it. Its names begin
    /// with the last component of the path. Nil where nothing stands there.
    ///
    /// - Throws: `EngineError.tooLarge` beyond `limit` bytes.
    package func archive(of path: [UInt8], in container: String, limit: Int) async throws(EngineError) -> [UInt8]? {
        do throws(EngineError) {
            return try await send(archive(.GET, path, in: container, limit: limit)).body
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Unpacks a tar archive into a directory of a container. Not all or nothing: what comes before a failure stays.
    package func unpack(_ archive: [UInt8], into directory: [UInt8], of container: String) async throws(EngineError) {
        var request = self.archive(.PUT, directory, in: container, limit: 1 << 20)
        request.query.append((name: "noOverwriteDirNonDir", value: "1"))
        request.body = (type: "application/x-tar", bytes: archive)
        _ = try await send(request)
    }

    private func archive(_ method: HTTPMethod, _ path: [UInt8], in container: String, limit: Int) -> EngineRequest {
        EngineRequest(
            method, "/containers/\(container.percentEncoded)/archive",
            query: [(name: "path", value: path.percentEncoded)],
            limit: limit)
    }
}

/// What the archive endpoint tells of a path.
package struct PathStat: Decodable, Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case file, directory, symlink, other }

    package let size: Int64
    /// Where a link leads in the end, in the container; empty, or nothing of use, for all else.
    package let linkTarget: String?
    private let goMode: UInt32

    enum CodingKeys: String, CodingKey {
        case size
        case linkTarget
        case goMode = "mode"
    }

    /// By the type bits of Go's `os.FileMode`.
    package var kind: Kind {
        switch goMode & 0x8F28_0000 {
        case 0: .file
        case 1 << 31: .directory
        case 1 << 27: .symlink
        default: .other
        }
    }

    /// Permission bits; the set-ID and sticky bits aren't among them.
    package var permissions: UInt16 { UInt16(goMode & 0o777) }
}
