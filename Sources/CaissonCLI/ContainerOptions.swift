import ArgumentParser
import Caisson
import RootFS

/// What says which containers are meant, and how far a change may go.
struct ContainerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The engine of containers: unix://PATH, tcp://HOST:PORT or a docker context. Else DOCKER_HOST, DOCKER_CONTEXT "
                + "and the current context are asked, as docker does.",
            valueName: "address"))
    var engine: String?

    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("Only containers with this label, KEY or KEY=VALUE; may be repeated.", valueName: "label"))
    var labels: [String] = []

    @Option(help: ArgumentHelp("Only containers of this compose project.", valueName: "project"))
    var compose: String?

    /// What a container must be labelled with.
    var allLabels: [String] {
        labels + (compose.map { ["com.docker.compose.project=\($0)"] } ?? [])
    }

    /// What finds the containers that are named.
    func finder(in environment: Environment, throughMounts mounts: [RootPath] = []) -> PlaceFinder {
        PlaceFinder(environment: environment, engine: engine, labels: allLabels, throughMounts: mounts)
    }

    /// The places that are named; labels alone mean every running container that has them.
    func targets(_ places: [String]) throws(CaissonError) -> [Target] {
        if places.isEmpty, !allLabels.isEmpty { return [.containers(pattern: "*", engine: nil)] }
        guard !places.isEmpty else {
            throw CaissonError(
                .usage, "places", "none is named", hint: "places are written: \(Target.forms); or name a --label")
        }
        return try Target.all(places)
    }
}

/// Which mounts of a container may be changed.
struct MountOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Change what lies on this mount of a container too, a volume or a directory of the host; may be repeated.",
            valueName: "path"))
    var throughMounts: [String] = []

    func paths() throws(CaissonError) -> [RootPath] {
        var paths: [RootPath] = []
        for text in throughMounts {
            guard text.hasPrefix("/"), let path = RootPath(bytes: text.utf8), path != .root else {
                throw CaissonError(
                    .usage, printable(text), "it is no mount", hint: "--through-mounts takes a path in the container")
            }
            paths.append(path)
        }
        return paths
    }
}
