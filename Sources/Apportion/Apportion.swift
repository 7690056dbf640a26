@_exported public import CurveFitting
@_exported public import NumericKernel
@_exported public import Optimisation
@_exported public import Planning
@_exported public import PosteriorFiles
@_exported public import Reporting
@_exported public import ResponseModel
@_exported public import Tables
