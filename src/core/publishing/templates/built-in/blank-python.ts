import { REVIEW_ACCESS, type Template } from '../template.schema';

export const blankPython: Template = {
  id: 'blank-python',
  title: 'A Python API handler',
  description: 'A function handler() that reads the global request, and returns data, a status and headers.',
  handler: {
    path: 'handler.py',
    source: `from urllib.parse import parse_qs


def handler():
    # request is a global, as in flask: method, url, path, query_string (bytes), headers, data, form, get_json(), get_data().
    query = parse_qs(request.query_string.decode("utf-8"))
    name = query.get("name", ["world"])[0]
    if request.method == "POST":
        return {"received": request.get_json()}, 201, {"x-handler": "python"}
    return {"hello": name}
`,
  },
  endpoint: { methods: ['GET', 'POST'], access: { level: 'authenticated' } },
  review: [REVIEW_ACCESS, 'The body is not checked: validate it before you use it.'],
};
