/// Every trust store that is known, in the order in which they are planned: each sees what those before it change.
public enum KnownStores {
    /// The stores of distribution families.
    static let families: [any FamilyStore] = [
        Alpine(),
        Debian(),
        P11KitStore.rhel,
        P11KitStore.suse,
        P11KitStore.arch,
        CertificateDirectoryStore.photon,
        CertificateDirectoryStore.flatcar,
    ]

    /// Those whose files are made from settings first, since nothing must be written there; then the families, the Java
    /// stores that follow theirs, what is left of bundles, and the roots that have none.
    public static func all(publicRoots: [[UInt8]] = []) -> [any TrustStore] {
        [SettingsStore.nixos, SettingsStore.bottlerocket] + families.map { $0 as any TrustStore } + [
            DebianJava(),
            AlpineJava(),
            KnownBundles(),
            Scratch(publicRoots: publicRoots),
        ]
    }
}
