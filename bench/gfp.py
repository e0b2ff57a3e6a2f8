"""IBM's Graph Feature Preprocessor (snapml) and XGBoost, as careful users of them would set them up."""
import os

import harness

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a loaded machine makes teams of threads wait for one another
PACKAGES = {"snapml": "snapml==1.17.2", "xgboost": "xgboost==3.2.0", "sklearn": "scikit-learn==1.9.1",
            "pandas": "pandas==3.1.1"}
STATISTICS = list(range(11))  # fan, degree, ratio, average, sum, minimum, maximum, median, variance, skew, kurtosis
GRID = [{"max_depth": depth, "eta": eta, "subsample": 0.8, "colsample_bytree": 0.5}
        for depth, eta in ((4, 0.1), (6, 0.1), (6, 0.05))]


def settings(window, bins, **patterns):
    """All fans, degrees and vertex statistics over the window; patterns=window for the others that are on."""
    values = {"num_threads": 2, "time_window": -1, "vertex_stats": True, "vertex_stats_tw": window,
              "vertex_stats_cols": [4], "vertex_stats_feats": STATISTICS, "lc-cycle_len": 10}
    for name in ("fan", "degree", "scatter-gather", "temp-cycle", "lc-cycle"):
        on = name in ("fan", "degree") or name in patterns
        values.update({name: on, f"{name}_tw": patterns.get(name, window), f"{name}_bins": list(range(2, bins))})
    return values


def transform(edges, values, batch=2048):
    """edges: id, from, to, time, amount. The features of each transfer as it arrives, without the edge's own columns."""
    import numpy
    made = harness.peer_module("snapml").GraphFeaturePreprocessor()
    made.set_params(values)
    parts = [made.transform(numpy.ascontiguousarray(edges[i:i + batch], dtype=float))[:, edges.shape[1]:]
             for i in range(0, len(edges), batch)]
    return numpy.vstack(parts).astype(numpy.float32)


def both_ways(edges, values):
    """In hindsight: besides each transfer's features at its arrival those in the reversed stream, once with the
    directions as they are and once reversed (there a temporal cycle remains one)."""
    import numpy
    found = [transform(edges, values)]
    back = edges[::-1].copy()
    back[:, 0] = numpy.arange(len(edges))
    back[:, 3] = edges[:, 3].max() + 1 - back[:, 3]
    found.append(transform(back, values)[::-1])
    found.append(transform(back[:, [0, 2, 1, 3, 4]], values)[::-1])
    return numpy.hstack(found)


def without_constant(train, *others):
    """Columns that never change in training say nothing and cost time."""
    import numpy
    keep = numpy.nanmin(train, 0) != numpy.nanmax(train, 0)
    return [table[:, keep] for table in (train,) + others]


def boost(train, val, weights=None, grid=None, rounds=600, **objective):
    """XGBoost with early stopping on validation for each setting of the grid: [(model, rounds, setting)]."""
    xgboost = harness.peer_module("xgboost")
    made = []
    for setting in grid or GRID:
        model = xgboost.train({"tree_method": "hist", "nthread": 1, "seed": 0, **objective, **setting},
                              xgboost.DMatrix(*train, weight=weights), rounds, evals=[(xgboost.DMatrix(*val), "val")],
                              early_stopping_rounds=40, verbose_eval=False)
        made.append((model, model.best_iteration + 1, setting))
    return made


def predict(made, table):
    model, rounds, _ = made
    return model.predict(harness.peer_module("xgboost").DMatrix(table), iteration_range=(0, rounds))
