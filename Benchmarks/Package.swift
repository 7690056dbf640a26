// swift-tools-version: 6.2
import PackageDescription

/// A suite of ordo-one/benchmark: the folder of its name.
func suite(_ name: String) -> Target {
  .executableTarget(
    name: name,
    dependencies: [
      "Samples",
      .product(name: "Apportion", package: "apportion"),
      .product(name: "Benchmark", package: "benchmark"),
    ],
    path: name,
    plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}

let package = Package(
  name: "benchmarks",
  dependencies: [
    .package(name: "apportion", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    // What the suites are fed.
    .target(name: "Samples", dependencies: [.product(name: "Apportion", package: "apportion")], path: "Samples"),

    suite("Kernels"),
    suite("ResponseTables"),
    suite("Scores"),
    suite("Solver"),
    suite("Fits"),
    suite("EndToEnd"),

    // Gaps and times of certificates on the generated families.
    .executableTarget(
      name: "Certificates",
      dependencies: [
        "Samples",
        .product(name: "Apportion", package: "apportion"),
        .product(name: "ApportionTestSupport", package: "apportion"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Certificates"),

    // Whether any plan scores above a bound.
    .executableTarget(
      name: "Attacks",
      dependencies: [
        "Samples",
        .product(name: "Apportion", package: "apportion"),
        .product(name: "ApportionTestSupport", package: "apportion"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Attacks"),

    // What caution costs, over posteriors and generated plans.
    .executableTarget(
      name: "Utilities",
      dependencies: [
        "Samples",
        .product(name: "Apportion", package: "apportion"),
        .product(name: "ApportionTestSupport", package: "apportion"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Utilities"),

    // Plans by period: gaps and times of the interior point.
    .executableTarget(
      name: "PeriodPlans",
      dependencies: [
        "Samples",
        .product(name: "Apportion", package: "apportion"),
        .product(name: "ApportionTestSupport", package: "apportion"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "PeriodPlans"),

    // Times of reading a plan's posterior.
    .executableTarget(
      name: "Readers", dependencies: ["Samples", .product(name: "Apportion", package: "apportion")], path: "Readers"),

    // What Apportion does when it is measured beside its peers.
    .executableTarget(
      name: "PeerSide", dependencies: ["Samples", .product(name: "Apportion", package: "apportion")],
      path: "peers/PeerSide"),
  ],
  swiftLanguageModes: [.v6]
)
