/** Real packages and what each has to do here: a script that returns `True` when it did. Ordered from small to large. */
export interface Probe {
  name: string;
  requirements: string[];
  /** Runs in `npm run test:packages` without options. */
  isCore?: true;
  /** Part of the error of a package that is known not to work. */
  knownError?: string;
  /** Body of a function; `web` is a host that the script may reach. */
  script: string;
}

export const PROBES: Probe[] = [
  { name: 'six', requirements: ['six'], script: 'import six\nreturn six.ensure_str(b"x") == "x"' },
  {
    name: 'python-dateutil',
    requirements: ['python-dateutil'],
    isCore: true,
    script:
      'from dateutil import parser, relativedelta, tz\n' +
      'at = parser.parse("2026-03-01T12:00:00+02:00") + relativedelta.relativedelta(months=1)\n' +
      'return at.astimezone(tz.gettz("Europe/Brussels")).isoformat() == "2026-04-01T12:00:00+02:00"',
  },
  {
    name: 'pyyaml',
    requirements: ['pyyaml'],
    script: 'import yaml\nreturn yaml.safe_load("a: [1, 2]") == {"a": [1, 2]} and hasattr(yaml, "CLoader")',
  },
  {
    name: 'jinja2',
    requirements: ['jinja2'],
    script: 'import jinja2\nreturn jinja2.Template("{{ a | upper }}").render(a="x") == "X"',
  },
  {
    name: 'werkzeug',
    requirements: ['werkzeug'],
    script:
      'from werkzeug.routing import Map, Rule\n' +
      'found = Map([Rule("/<int:n>", endpoint="a")]).bind("host").match("/3")\n' +
      'return found == ("a", {"n": 3})',
  },
  {
    name: 'flask',
    requirements: ['flask'],
    isCore: true,
    script:
      'import flask\n' +
      'app = flask.Flask("probe")\n' +
      '@app.route("/<name>")\n' +
      'def page(name):\n' +
      '    flask.session["seen"] = True\n' +
      '    return flask.jsonify(name=name, a=flask.request.args["a"])\n' +
      'app.secret_key = "of a test"\n' +
      'answer = app.test_client().get("/Ada?a=1")\n' +
      'return answer.json == {"name": "Ada", "a": "1"} and "session" in answer.headers["set-cookie"]',
  },
  {
    name: 'requests',
    requirements: ['requests'],
    script: 'import requests\nreturn requests.get("https://web.example/x", timeout=5).text == "pong"',
  },
  {
    name: 'httpx',
    requirements: ['httpx'],
    knownError: 'Host is unreachable',
    script: 'import httpx\nreturn httpx.get("https://web.example/x").text == "pong"',
  },
  {
    name: 'msgspec',
    requirements: ['msgspec'],
    isCore: true,
    script:
      'import msgspec\n' +
      'Point = msgspec.defstruct("Point", [("x", int), ("y", int)])\n' +
      'point = msgspec.json.decode(b\'{"x": 1, "y": 2}\', type=Point)\n' +
      'try: msgspec.json.decode(b\'{"x": "1"}\', type=Point)\n' +
      'except msgspec.ValidationError as error: return point.x == 1 and "$.x" in str(error)',
  },
  {
    name: 'pydantic',
    requirements: ['pydantic>=2'],
    isCore: true,
    script:
      'from pydantic import BaseModel, Field, ValidationError\n' +
      'class User(BaseModel):\n' +
      '    name: str\n' +
      '    age: int = Field(ge=0)\n' +
      'try: User(name="Ada", age=-1)\n' +
      'except ValidationError as error: wrong = error.errors()[0]["type"]\n' +
      'return User.model_validate_json(\'{"name": "Ada", "age": "3"}\').age == 3 and wrong == "greater_than_equal"',
  },
  {
    name: 'uuid-utils',
    requirements: ['uuid-utils'],
    script: 'import uuid_utils\nreturn uuid_utils.uuid7() != uuid_utils.uuid7()',
  },
  {
    name: 'charset-normalizer',
    requirements: ['charset-normalizer'],
    script:
      'import charset_normalizer\nreturn charset_normalizer.from_bytes("àéî ö ça".encode()).best().encoding == "utf_8"',
  },
  {
    name: 'sympy',
    requirements: ['sympy'],
    script: 'import sympy\nx = sympy.Symbol("x")\nreturn str(sympy.integrate(x**2, x)) == "x**3/3"',
  },
  {
    name: 'numpy',
    requirements: ['numpy'],
    isCore: true,
    script:
      'import numpy as np\n' +
      'grid = np.arange(6).reshape(2, 3)\n' +
      'return grid.sum() == 15 and np.allclose(np.linalg.inv(np.eye(3) * 2), np.eye(3) / 2)',
  },
  {
    name: 'pandas',
    requirements: ['pandas'],
    isCore: true,
    script:
      'import io\n' +
      'import pandas as pd\n' +
      'frame = pd.read_csv(io.StringIO("a,b\\n1,2\\n1,3\\n"))\n' +
      'zoned = pd.to_datetime(["2026-01-01"]).tz_localize("Europe/Brussels")\n' +
      'return frame.groupby("a").b.sum().to_dict() == {1: 5} and str(zoned[0].utcoffset()) == "1:00:00"',
  },
  {
    name: 'scikit-learn',
    requirements: ['scikit-learn'],
    script:
      'from sklearn.linear_model import LinearRegression\n' +
      'return abs(LinearRegression().fit([[0], [1]], [0, 2]).predict([[3]])[0] - 6) < 1e-9',
  },
];
