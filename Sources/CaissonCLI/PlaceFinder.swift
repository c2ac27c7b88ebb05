import Caisson
import ContainerPlaces
import Engine
import ImagePlaces
import RootFS
import TrustStores

/// A place that a command is about, before it is opened.
struct FoundPlace: Sendable {
    /// As messages name it.
    let name: String
    var isContainer: Bool { name.hasPrefix("container:") }
    let open: @Sendable () async throws(CaissonError) -> any Place
}

/// Turns what the user named into places: patterns into the containers that match, each engine greeted once.
struct PlaceFinder {
    let environment: Environment
    /// The engine of containers whose place names none.
    var engine: String?
    /// What containers must be labelled with, if anything.
    var labels: [String] = []
    var throughMounts: [RootPath] = []

    /// The places, in the order of the targets; one that can't be found throws when it is opened.
    func places(_ targets: [Target]) async -> [FoundPlace] {
        var clients: [String?: Result<EngineClient, CaissonError>] = [:]
        var found: [FoundPlace] = []
        for target in targets {
            if case .image(let location) = target {
                found += await images(location)
                continue
            }
            guard case .containers(let pattern, let named) = target else {
                found.append(
                    FoundPlace(name: target.name) { () throws(CaissonError) in try target.open(in: environment) })
                continue
            }
            let address = named ?? engine
            var client = clients[address]
            if client == nil { client = await connect(to: address, for: target.name) }
            clients[address] = client
            switch client {
            case .success(let client)?: found += await containers(pattern, at: client, target)
            case .failure(let error)?:
                found.append(FoundPlace(name: target.name) { () throws(CaissonError) in throw error })
            case nil: continue
            }
        }
        return found
    }

    /// An image to look at, or each of those that an index lists.
    private func images(_ location: ImageLocation) async -> [FoundPlace] {
        do throws(CaissonError) {
            let roots = try await Image(location).roots(keeping: KnownStores.all().flatMap(\.patterns))
            return roots.map { root in FoundPlace(name: root.name) { () throws(CaissonError) in root } }
        } catch {
            return [FoundPlace(name: location.name) { () throws(CaissonError) in throw error }]
        }
    }

    private func connect(to named: String?, for place: String) async -> Result<EngineClient, CaissonError> {
        var shown = named ?? "the usual socket"
        do throws(EngineError) {
            let address = try EngineDiscovery(variables: environment.variables).address(named: named)
            shown = address.description
            return .success(try await EngineClient(connectingTo: address))
        } catch {
            return .failure(CaissonError(error, place, engine: shown))
        }
    }

    private func containers(_ pattern: String, at client: EngineClient, _ target: Target) async -> [FoundPlace] {
        guard pattern.contains("*") || !labels.isEmpty else {
            return [container(pattern, named: target.name, at: client)]
        }
        do throws(EngineError) {
            let selection = ContainerSelection(pattern: pattern, labels: labels)
            let containers = try await selection.containers(at: client)
            if containers.isEmpty {
                let error = CaissonError(.noInput, target.name, "no running container matches")
                return [FoundPlace(name: target.name) { () throws(CaissonError) in throw error }]
            }
            return containers.map { container($0.id, named: "container:\(printable($0.displayName))", at: client) }
        } catch {
            let error = CaissonError(error, target.name, engine: client.address.description)
            return [FoundPlace(name: target.name) { () throws(CaissonError) in throw error }]
        }
    }

    private func container(_ reference: String, named name: String, at client: EngineClient) -> FoundPlace {
        let (environment, mounts) = (environment, throughMounts)
        return FoundPlace(name: name) { () async throws(CaissonError) in
            try await ContainerPlace(
                reference, named: name, at: client, journal: try environment.journal(forHost: false),
                throughMounts: mounts)
        }
    }
}
