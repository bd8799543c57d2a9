# SPDX-License-Identifier: MIT
"""docs/openapi.yaml, held against answers.

    spec = Spec()
    spec.check('GET', '/api/v1/streams', daemon.get('/api/v1/streams'))     # AssertionError: what it has that is not written there
    spec.unseen()                                                           # properties that no answer had so far
"""
import json
import re

import jsonschema
import yaml

from .daemon import ROOT

PATH = ROOT / 'docs/openapi.yaml'
METHODS = ('get', 'post', 'patch', 'delete', 'put', 'head', 'options', 'trace')


def walk(node, path=()):
    """Each map of the document with its path."""
    if isinstance(node, dict):
        yield path, node
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from walk(value, (*path, key))


class Spec:
    def __init__(self):
        self.document = yaml.safe_load(PATH.read_text(encoding='utf-8'))
        self.seen = set()  # (schema by identity, property)
        self.resolver = jsonschema.RefResolver('', self.document)

    def resolve(self, node):
        while '$ref' in node:
            node = self.resolver.resolve(node['$ref'])[1]
        return node

    def operations(self):
        """{(pattern as the route table has it, METHOD): operation}"""
        return {(re.sub(r'\{\w+\}', 'NAME', path), method.upper()): item[method]
                for path, item in self.document['paths'].items() for method in METHODS if method in item}

    def operation(self, method, path):
        path = path.partition('?')[0]
        for template, item in self.document['paths'].items():
            pattern = '[^/]+'.join(re.escape(part) for part in re.split(r'\{\w+\}', template))
            if re.fullmatch(pattern, path) and method.lower() in item:
                return item[method.lower()]
        raise AssertionError(f'{method} {path} is not described')

    def validate(self, instance, schema):
        checker = jsonschema.Draft202012Validator(schema, resolver=self.resolver)
        error = jsonschema.exceptions.best_match(checker.iter_errors(instance))
        if error:
            raise AssertionError(f'{"/".join(map(str, error.absolute_path))}: {error.message}')

    def note(self, instance, schema):
        """Which properties came; `instance` is valid."""
        schema = self.resolve(schema)
        for one in schema.get('oneOf', ()):
            if jsonschema.Draft202012Validator(one, resolver=self.resolver).is_valid(instance):
                self.note(instance, one)
        if isinstance(instance, list) and 'items' in schema:
            for item in instance:
                self.note(item, schema['items'])
        if not isinstance(instance, dict):
            return
        for key, value in instance.items():
            if key in schema.get('properties', {}):
                self.seen.add((id(schema), key))
                self.note(value, schema['properties'][key])
            elif isinstance(schema.get('additionalProperties'), dict):
                self.note(value, schema['additionalProperties'])

    def answer_schemas(self):
        """{identity: (where, schema)} of every object that an answer may hold."""
        found = {}

        def visit(where, schema):
            if '$ref' in schema:
                where = schema['$ref'].rpartition('/')[2]
            schema = self.resolve(schema)
            if id(schema) in found:
                return
            found[id(schema)] = (where, schema)
            for key, value in schema.get('properties', {}).items():
                visit(f'{where}.{key}', value)
            for key in ('items', 'additionalProperties'):
                if isinstance(schema.get(key), dict):
                    visit(f'{where}.{key}', schema[key])
            for one in schema.get('oneOf', ()):
                visit(where, one)
        for (pattern, method), operation in self.operations().items():
            for status, response in operation['responses'].items():
                for media in self.resolve(response).get('content', {}).values():
                    if 'schema' in media:
                        visit(f'{method} {pattern} {status}', media['schema'])
        return found

    def unseen(self):
        return sorted(f'{where}.{key}' for identity, (where, schema) in self.answer_schemas().items()
                      for key in schema.get('properties', {}) if (identity, key) not in self.seen)

    def check_request(self, method, path, body):
        """A body of JSON that the daemon is expected to take."""
        self.validate(body, self.operation(method, path)['requestBody']['content']['application/json']['schema'])

    def check(self, method, path, answer):
        responses = self.operation(method, path)['responses']
        response = responses.get(str(answer.status))
        assert response or (answer.status >= 400 and 'default' in responses), f'{method} {path}: {answer.status} is not described'
        response = self.resolve(response or responses['default'])
        content = response.get('content', {})
        if not content:
            assert not answer.body, (method, path, answer.body)
            return
        kind = answer.headers['content-type']
        assert kind in content, f'{method} {path}: {kind} is none of {list(content)}'
        for name in response.get('headers', {}):
            self.check_header(name, response['headers'][name], answer)
        if kind != 'application/json':
            return
        try:
            self.validate(answer.json(), content[kind]['schema'])
        except AssertionError as error:
            raise AssertionError(f'{method} {path} {answer.status}: {error}: {json.dumps(answer.json())[:2000]}') from None
        self.note(answer.json(), content[kind]['schema'])

    def check_header(self, name, header, answer):
        """One that came; what need not come is told by unseen headers of the whole."""
        value = answer.headers.get(name.lower())
        if value is None:
            return
        schema = self.resolve(header)['schema']
        self.validate(int(value) if schema.get('type') == 'integer' else value, schema)
        self.seen.add(('header', name))
