import CaissonCLI

await CaissonCommand.runAndExit()
