import ResponseModel

// The fitted model, and how much of it.
extension PlanKeys {
  static let posterior = PlanMapping(
    "a mapping with file",
    [
      PlanKey(
        "file",
        .either([
          .text(inWords: "a path"),
          .list(of: .text(inWords: "a path"), count: 1...100_000, inWords: "a list of paths"),
        ]), isRequired: true,
        "The posterior's file, relative to the plan file; for chains or arrays in files of their own, and for Robyn's export and its data, a list, or a pattern such as fit_*.csv."
      ),
      PlanKey(
        "format",
        .words(PosteriorChoice.Format.allCases.map(\.rawValue)), fallback: "auto",
        "How the file is read; auto goes by what is in it, which a CSV of curves does not say. csv is wide or long draws, npz also npy, robyn RobynModel-….json with its data, apportion what apportion convert writes."
      ),
      PlanKey("curves", .mapping(curves), "With format curves: point estimates, one row a channel."),
      PlanKey(
        "model", .mapping(ModelKeys.model),
        "With files of draws, and with format curves instead of a kind: which variable feeds which parameter."),
      PlanKey(
        "group", .words(MeridianModel.Group.allCases.map(\.rawValue)), fallback: MeridianModel.Group.posterior.rawValue,
        "Which draws of the file; prior of models of Meridian."),
      PlanKey(
        "draws", .either([.words(["all"]), .count(1...Int.max)]), fallback: "all",
        "All draws, or so many of them, thinned evenly."),
      PlanKey(
        "data", .mapping(MeridianKeys.data),
        "With format meridian: the table that the model was fitted to, which its file does not hold."),
      PlanKey(
        "meridian", .mapping(MeridianKeys.settings),
        "With format meridian: the settings of the model's specification, which its file does not hold."),
    ])

  private static let curves = PlanMapping(
    "a mapping of kind and channel_column",
    [
      PlanKey(
        "kind", .words(PointCurves.Kind.allCases.map(\.rawValue)),
        "The columns: hill_bottom has top, bottom, saturation and slope; sigmoid and michaelis_menten have alpha and lam."
      ),
      PlanKey(
        "channel_column", .text(inWords: "the name of a column"), fallback: PointCurves.defaultChannelColumn,
        "The column with the channels' names."),
    ])
}
