// swift-tools-version: 6.1
import PackageDescription

/// Upcoming features that every target of this package is compiled with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let asyncHTTP = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "caisson",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "caisson", targets: ["caisson-main"]),
        .library(name: "Caisson", targets: ["Caisson", "LocalPlaces"]),
        .library(name: "TrustAnchors", targets: ["TrustAnchors"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
    ],
    targets: [
        // Values: no I/O, no clock, no randomness.
        .target(name: "RootFS", swiftSettings: strict),
        .target(name: "TrustAnchors", dependencies: ["RootFS", asn1, crypto], swiftSettings: strict),

        .target(name: "Tar", dependencies: ["RootFS"], swiftSettings: strict),

        // Images: what their manifests and layers say, and how a layer is put on them.
        .target(name: "ImageFormat", dependencies: ["RootFS", crypto], swiftSettings: strict),
        .target(name: "ImageLayers", dependencies: ["RootFS", "Tar"], swiftSettings: strict),

        // Knowledge: what each trust store looks like.
        .target(name: "TrustStores", dependencies: ["RootFS", "TrustAnchors", crypto], swiftSettings: strict),

        .target(
            name: "ChainVerification", dependencies: ["RootFS", "TrustAnchors", asn1, crypto, cryptoExtras],
            swiftSettings: strict),

        // Ports and use cases.
        .target(
            name: "Caisson", dependencies: ["ChainVerification", "RootFS", "TrustAnchors", "TrustStores", crypto],
            swiftSettings: strict),

        // Adapters: the only code that touches the world.
        .target(name: "CLinux"),
        .target(name: "LocalDisk", dependencies: ["RootFS", "CLinux", system], swiftSettings: strict),
        .target(
            name: "Journal", dependencies: ["Caisson", "RootFS", "LocalDisk", crypto, system], swiftSettings: strict),
        .target(
            name: "LocalPlaces", dependencies: ["Caisson", "RootFS", "Journal", "LocalDisk", system],
            swiftSettings: strict),

        .target(
            name: "TLSProbe",
            dependencies: [
                "Caisson", "ChainVerification", "RootFS", "TrustAnchors", nioCore, nioPosix, nioTLS, nioHTTP1,
                nioSSL,
            ],
            swiftSettings: strict),
        .target(
            name: "Engine",
            dependencies: [
                "Caisson", "ChainVerification", "RootFS", asyncHTTP, crypto, nioCore, nioPosix, nioHTTP1, nioSSL,
                system,
            ],
            swiftSettings: strict),
        .target(
            name: "ContainerPlaces",
            dependencies: [
                "Caisson", "ChainVerification", "Engine", "Journal", "LocalDisk", "LocalPlaces", "RootFS", "Tar",
                system,
            ],
            swiftSettings: strict),
        .target(name: "CInflate", linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd")]),
        .target(
            name: "ImagePlaces",
            dependencies: [
                "Caisson", "CInflate", "ImageFormat", "ImageLayers", "LocalDisk", "RootFS", "Tar", "TrustAnchors", system,
            ],
            swiftSettings: strict),
        .target(
            name: "DemoNetwork",
            dependencies: [
                "ChainVerification", "TLSProbe", nioCore, nioPosix, nioHTTP1, nioSSL, x509, crypto, asn1,
            ],
            swiftSettings: strict),

        // The front end.
        .target(
            name: "CaissonCLI",
            dependencies: [
                "Caisson", "ChainVerification", "ContainerPlaces", "DemoNetwork", "Engine", "ImagePlaces", "Journal",
                "LocalDisk", "LocalPlaces", "RootFS", "TLSProbe", "TrustAnchors", "TrustStores", arguments, nioCore, nioPosix,
                system,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "caisson-main", dependencies: ["CaissonCLI", "LocalDisk"], swiftSettings: strict,
            linkerSettings: [
                // Half of the time until `main` would go into looking up symbols that nobody else uses.
                .unsafeFlags(
                    ["-use-ld=lld", "-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic"],
                    .when(platforms: [.linux], configuration: .release))
            ]),

        .testTarget(
            name: "ChainVerificationTests", dependencies: ["ChainVerification", "MadeCertificates", "TrustAnchors"],
            swiftSettings: strict),
        .testTarget(
            name: "TLSProbeTests",
            dependencies: [
                "Caisson", "ChainVerification", "DemoNetwork", "TLSProbe", "TrustAnchors", nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(name: "EngineTests", dependencies: ["Engine", crypto], swiftSettings: strict),
        .testTarget(name: "TarTests", dependencies: ["Tar", "RootFS"], swiftSettings: strict),
        .testTarget(name: "ImageFormatTests", dependencies: ["ImageFormat"], swiftSettings: strict),
        .testTarget(name: "ImageLayersTests", dependencies: ["ImageLayers", "RootFS", "Tar"], swiftSettings: strict),
        .testTarget(name: "ContainerPlacesTests", dependencies: ["ContainerPlaces", "RootFS"], swiftSettings: strict),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "RootFSTests", dependencies: ["RootFS"], swiftSettings: strict),
        // Certificates that no tool would make, for the tests.
        .target(
            name: "MadeCertificates", dependencies: [crypto], path: "Tests/MadeCertificates", swiftSettings: strict),
        .testTarget(
            name: "TrustAnchorsTests", dependencies: ["TrustAnchors", "MadeCertificates", crypto],
            swiftSettings: strict),
        .testTarget(
            name: "TrustStoresTests", dependencies: ["TrustStores", "TrustAnchors", "RootFS", "MadeCertificates"],
            swiftSettings: strict),
        .testTarget(
            name: "JournalTests", dependencies: ["Journal", "Caisson", "RootFS", "LocalDisk", system],
            exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "LocalPlacesTests",
            dependencies: ["LocalPlaces", "Journal", "Caisson", "RootFS", "LocalDisk", "CLinux", system],
            swiftSettings: strict),
        // The built executable against the real tools.
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "CLinux", "Caisson", "ChainVerification", "MadeCertificates", "RootFS", "TLSProbe", "Tar", "TrustAnchors",
                crypto,
            ],
            swiftSettings: strict),
    ]
)

// What fuzzes the parsers: libFuzzer's executable for `make fuzz`, which sets the variable; otherwise a test of the
// cases that it found.
let fuzzed: [Target.Dependency] = [
    "ChainVerification", "Journal", "MadeCertificates", "RootFS", "TrustAnchors", "TrustStores",
]
if Context.environment["CAISSON_FUZZ"] == nil {
    package.targets.append(
        .testTarget(name: "FuzzTests", dependencies: fuzzed, exclude: ["main.swift"], swiftSettings: strict))
} else {
    package.targets.append(
        .executableTarget(
            name: "caisson-fuzz", dependencies: fuzzed, path: "Tests/FuzzTests", exclude: ["ReplayTests.swift"],
            swiftSettings: strict))
}
