import CaissonCLI
import LocalDisk

ProcessMemory.useOneHeap()
await CaissonCommand.runAndExit()
