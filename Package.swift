// swift-tools-version: 6.1
import Foundation
import PackageDescription

// CI sets REMIT_STRICT so that a warning fails the build there and does not stop somebody at work.
let isStrict = ProcessInfo.processInfo.environment["REMIT_STRICT"] != nil

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (isStrict ? [.unsafeFlags(["-warnings-as-errors"])] : [])

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "remit",
    products: [.executable(name: "remit", targets: ["remit"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "RemitValues", swiftSettings: settings),
        .target(name: "RemitLanguage", dependencies: ["RemitValues"], swiftSettings: settings),
        .target(name: "RemitRuntime", dependencies: ["RemitLanguage", "RemitValues"], swiftSettings: settings),
        .target(
            name: "RemitAnalysis", dependencies: ["RemitLanguage", "RemitRuntime", "RemitValues"],
            swiftSettings: settings),
        .target(name: "RemitLedger", dependencies: ["RemitValues", crypto], swiftSettings: settings),
        .target(name: "RemitStore", dependencies: ["RemitLedger", "RemitValues", "CSQLite"], swiftSettings: settings),
        .target(name: "RemitExchange", dependencies: ["RemitValues", "CZlib"], swiftSettings: settings),
        .target(
            name: "RemitEditor",
            dependencies: ["RemitAnalysis", "RemitExchange", "RemitLanguage", "RemitRuntime", "RemitValues"],
            swiftSettings: settings),
        .target(
            name: "RemitNode",
            dependencies: [
                "RemitValues", "RemitLanguage", "RemitRuntime", "RemitAnalysis", "RemitLedger", "RemitStore",
                "RemitExchange",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "remit",
            dependencies: [
                "RemitValues", "RemitLanguage", "RemitRuntime", "RemitAnalysis", "RemitLedger", "RemitStore",
                "RemitEditor", "RemitExchange", "RemitNode", arguments,
            ],
            // A link to Docs/errors, so that the pages are written once and travel in the program.
            resources: [.embedInCode("Pages")], swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
        .testTarget(name: "RemitValuesTests", dependencies: ["RemitValues"], swiftSettings: settings),
        .testTarget(
            name: "RemitLanguageTests", dependencies: ["RemitLanguage", "RemitAnalysis", "RemitValues"],
            exclude: ["Beside", "Cases", "Pages"], swiftSettings: settings),
        .testTarget(
            name: "RemitRuntimeTests",
            dependencies: ["RemitRuntime", "RemitAnalysis", "RemitLanguage", "RemitValues"],
            exclude: ["Cases", "Sentences"], swiftSettings: settings),
        .testTarget(
            name: "RemitAnalysisTests",
            dependencies: ["RemitAnalysis", "RemitLanguage", "RemitRuntime", "RemitValues"],
            exclude: ["Comparisons", "Versions"], swiftSettings: settings),
        .testTarget(
            name: "RemitLedgerTests", dependencies: ["RemitLedger", "RemitValues"], exclude: ["Vectors"],
            swiftSettings: settings),
        .target(name: "CFaultyFiles", dependencies: ["CSQLite"], path: "Tests/CFaultyFiles"),
        .testTarget(
            name: "RemitStoreTests", dependencies: ["RemitLedger", "RemitStore", "CFaultyFiles", "CSQLite"],
            swiftSettings: settings),
        .testTarget(
            name: "RemitExchangeTests", dependencies: ["RemitExchange", "RemitValues", "CZlib"],
            swiftSettings: settings),
        .testTarget(
            name: "RemitEditorTests",
            dependencies: ["RemitEditor", "RemitExchange", "RemitLanguage", "RemitValues"],
            exclude: ["Sessions"], swiftSettings: settings),
        .testTarget(
            name: "RemitNodeTests",
            dependencies: [
                "RemitNode", "RemitExchange", "RemitLanguage", "RemitLedger", "RemitRuntime", "RemitStore",
                "RemitValues", "CFaultyFiles", "CSQLite",
            ],
            swiftSettings: settings),
        .testTarget(name: "CommandTests", dependencies: ["remit"], exclude: ["Scripts"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
