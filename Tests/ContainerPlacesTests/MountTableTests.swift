import RootFS
import Testing

@testable import ContainerPlaces

@Suite("The mount table of a container")
struct MountTableTests {
    private let table = MountTable(
        mountinfo: Array(
            #"""
            141 71 0:39 / / rw,relatime master:2 - overlay overlay rw
            142 141 0:42 / /proc rw,nosuid - proc proc rw
            158 141 254:0 /srv/certs /etc/ssl ro,relatime - ext4 /dev/vda rw
            159 158 0:50 / /etc/ssl/with\040blank rw - tmpfs tmpfs rw
            nonsense
            """#.utf8))

    @Test("a path lies on the deepest mount above it")
    func deepest() {
        #expect(table.mount(holding: "/etc/ssl/certs/a.pem")?.path == "/etc/ssl")
        #expect(table.mount(holding: "/etc/ssl/certs/a.pem")?.isReadOnly == true)
        #expect(table.mount(holding: "/etc/ssl/with blank/a")?.isReadOnly == false)
        #expect(table.mount(holding: "/etc/ssl")?.path == "/etc/ssl")
        #expect(table.mount(holding: "/etc/sslx") == nil)
        #expect(table.mount(holding: "/etc/passwd") == nil)
    }

    @Test("only the last mount of the root says whether it takes changes")
    func readOnlyRoot() {
        #expect(!table.isRootReadOnly)
        #expect(MountTable(mountinfo: Array("1 0 0:1 / / ro,relatime - overlay o rw\n".utf8)).isRootReadOnly)
    }
}
