internal import Caisson
internal import RootFS

extension Walk: PatternWalk {
    mutating func kind(at path: RootPath) throws(CaissonError) -> Entry.Kind? { try entry(at: path)?.kind }
}
