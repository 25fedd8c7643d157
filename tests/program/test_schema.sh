#!/bin/bash
# test_schema.sh PROGRAM - the JSON Schema of scenarios: the one beside them is current, it accepts
# every scenario that the program runs, and rejects every key that the program does not know.
#
# guards: sim/command/schema, sim/command/json, sim/input/shape
. "$(dirname "$0")/../common.sh"
cd "$tests/.." || exit 1
python=/usr/bin/python3
[ -x $python ] || python=python3
shipped=scenarios/fanout-sim.schema.json

"$program" schema > "$work/schema.json" || fail "schema: status $?"
cmp "$work/schema.json" $shipped ||
    fail "$shipped is old: build/fanout-sim schema > $shipped"
for scenario in scenarios/*.yaml; do
    [ "$(head -n 1 "$scenario")" = "# yaml-language-server: \$schema=$(basename $shipped)" ] ||
        fail "$scenario: its first line does not name the schema"
done
"$program" params --markdown > "$work/params"

$python - "$work/schema.json" "$work/params" <<'PYTHON' || fail "see above"
import glob, json, re, sys
import jsonschema, yaml

schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failed = False


def fail(what):
    global failed
    failed = True
    print(what)


def with_texts(value):  # keys of YAML are texts to the program
    if isinstance(value, dict):
        return {str(key): with_texts(item) for key, item in value.items()}
    return [with_texts(item) for item in value] if isinstance(value, list) else value


def said(value):
    return [f"{list(e.path)}: {e.message[:200]}" for e in validator.iter_errors(value)]


good = glob.glob("scenarios/*.yaml") + glob.glob("tests/bench/*.yaml")
good += glob.glob("tests/conformance/*/scenario.yaml")
for name in good:
    for what in said(with_texts(yaml.safe_load(open(name)))):
        fail(f"{name} is rejected: {what}")
if len(good) < 100:
    fail(f"only {len(good)} scenarios")

# What is wrong by itself, whatever else the scenario says.
alone = re.compile(
    r"unknown key|Kafka does not know this property| has no '|is not built yet|unknown word"
    r"|unknown distribution|has no unit|unknown unit|is not a (rate|time|size|count|number)"
    r"|names a section|expected a map|is missing; expected (mean|min)"
)
# What YAML libraries resolve before a validator sees it: merged keys, 0x4000.
resolved = {"tests/bad/key-merge.yaml", "tests/bad/number-hexadecimal.yaml"}
count = 0
for name in set(glob.glob("tests/bad/*.yaml")) - resolved:
    errors = open(name.replace(".yaml", ".err")).read()
    file = name.split("/")[-1]
    about = [line for line in errors.splitlines() if line.startswith(file)]
    if not any(alone.search(line.split(": error: ")[-1]) for line in about):
        continue
    try:
        value = with_texts(yaml.safe_load(open(name)))
    except (yaml.YAMLError, UnicodeDecodeError):
        continue
    count += 1
    if not said(value):
        fail(f"{name} is accepted: {about}")
if count < 40:
    fail(f"only {count} wrong scenarios")


def place(path):  # where the schema has the parameter: its keys, and its own schema
    at, keys, rest = schema, [], path
    while rest not in at["properties"]:
        key = max((k for k in at["properties"] if rest.startswith(k + ".")), key=len)
        keys.append(key)
        at, rest = at["properties"][key], rest[len(key) + 1 :]
    return keys + [rest], at["properties"][rest]


def scenario(keys, value):
    for key in reversed(keys):
        value = {key: value}
    return value


rows = 0
for line in open(sys.argv[2]):
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    if not line.startswith("| `"):
        continue
    rows += 1
    path, kind, default = cells[0].strip("`"), cells[1], cells[3]
    keys, own = place(path)
    if own["description"].replace("|", "\\|") != cells[4]:
        fail(f"{path}: another description")
    if default and said(scenario(keys, yaml.safe_load(default))):
        fail(f"{path}: its default {default} is rejected")
    if not said(scenario(keys, {"nonsense": 1})):
        fail(f"{path}: nonsense is accepted")
    # The program takes a random quantity; what takes none does not.
    random = {"gamma": {"mean": "3ms" if kind.endswith("time") else 3, "cv": 0.5}}
    if bool(said(scenario(keys, random))) == kind.startswith("random"):
        fail(f"{path}: {kind}, and a distribution is accepted, or is not")
    axis = {"sweep": {path: [yaml.safe_load(default)]}}
    if kind != "structure" and default and said(axis):
        fail(f"{path}: an axis is rejected")
if rows < 100:
    fail(f"only {rows} parameters")
wrong = {"linger": [1]}, {"linger.ms": {"form": 1}}, {"linger.ms": ["x"]}, {"zip": {"size": 1}}
right = {"topics.t%02d.weight": ["40%"], "ingress.topics.in.count": [1, 2]}, {"faults.0.for": "1s"}
for sweep in right:
    for what in said({"sweep": sweep}):
        fail(f"sweep: {sweep} is rejected: {what}")
wrong += ({"topic.t.weight": [1]},)
for sweep in wrong:
    if not said({"sweep": sweep}):
        fail(f"sweep: {sweep} is accepted")
sys.exit(failed)
PYTHON

[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }
