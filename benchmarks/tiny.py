"""Import the engine and solve a tiny problem; the caller times the whole process."""

import json

from revmentor.matching import Problem, solve

matching = solve(Problem.from_scores([[0.5, 0.9], [0.8, 0.7]]))
print(json.dumps({"status": matching.status, "objective": matching.objective_units}))
