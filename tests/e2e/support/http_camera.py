# SPDX-License-Identifier: MIT
"""A camera that speaks HTTP, with the manners that such cameras have.

    camera = HttpCamera(self)            # on a free port; closed with the test
    self.start(f'c=http://{camera.address}/parts')
    camera.asked                         # (path, headers) of each request

    /parts /bare /png        multipart with lengths, without, of PNG pictures
    /still                   one JPEG with an ETag; camera.still = bytes changes it
    /moved /round /file      redirects: to /parts, to itself, to file:///etc/passwd
    /basic /digest           want the user ann and the password s3cret, then are /parts
    /short                   multipart that ends after three pictures
    /cut                     a picture cut short
    /text /empty /gone       text, nothing, 404
    /headers                 headers without an end
    /hang                    never answers
    /huge                    a part of a terabyte
"""
import base64
import hashlib
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def picture(shade, form='JPEG', size=(64, 48)):
    out = io.BytesIO()
    Image.new('RGB', size, (shade % 256, 80, 160)).save(out, form)
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def do_GET(self):
        camera = self.server.camera
        camera.asked.append((self.path, dict(self.headers)))
        try:
            getattr(self, 'get_' + self.path.strip('/').split('?')[0], self.get_gone)()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, status, body=b'', **headers):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        self.wfile.write(body)

    def parts(self, count=None, has_length=True, form='JPEG'):
        self.send_response(200)
        self.send_header('Content-Type', 'multipart/x-mixed-replace; boundary="any thing"')
        self.send_header('Connection', 'close')
        self.end_headers()
        self.close_connection = True
        shown = 0
        while not self.server.camera.closing.wait(0.02) and shown != count:
            body = picture(shown, form)
            length = f'Content-Length: {len(body)}\r\n' if has_length else ''
            self.wfile.write(f'--any thing\r\nContent-Type: image/{form.lower()}\r\n{length}\r\n'
                             .encode() + body + b'\r\n')
            shown += 1

    def get_parts(self):
        self.parts()

    def get_bare(self):
        self.parts(has_length=False)

    def get_png(self):
        self.parts(form='PNG')

    def get_short(self):
        self.parts(3)

    def get_still(self):
        body = self.server.camera.still
        tag = f'"{hashlib.md5(body).hexdigest()}"'
        if self.headers['If-None-Match'] == tag:
            self.server.camera.unchanged += 1
            self.answer(304, ETag=tag)
        else:
            self.answer(200, body, ETag=tag, Content_Type='image/jpeg')

    def get_cut(self):
        self.answer(200, picture(1)[:200], Content_Type='image/jpeg')

    def get_moved(self):
        self.answer(302, Location='/parts')

    def get_round(self):
        self.answer(302, Location='/round')

    def get_file(self):
        self.answer(302, Location='file:///etc/passwd')

    def get_basic(self):
        if self.headers['Authorization'] == 'Basic ' + base64.b64encode(b'ann:s3cret').decode():
            self.parts()
        else:
            self.answer(401, WWW_Authenticate='Basic realm="lab"')

    def get_digest(self):
        given = self.headers['Authorization'] or ''
        ha1 = hashlib.md5(b'ann:lab:s3cret').hexdigest()
        ha2 = hashlib.md5(b'GET:/digest').hexdigest()
        if hashlib.md5(f'{ha1}:once:{ha2}'.encode()).hexdigest() in given:
            self.parts()
        else:
            self.answer(401, WWW_Authenticate='Digest realm="lab", nonce="once"')

    def get_text(self):
        self.answer(200, b'<html>log in</html>', Content_Type='text/html')

    def get_empty(self):
        self.answer(200, Content_Type='image/jpeg')

    def get_gone(self):
        self.answer(404, b'no')

    def get_headers(self):
        self.wfile.write(b'HTTP/1.1 200 OK\r\n')
        while not self.server.camera.closing.wait(0.001):
            self.wfile.write(b'X-More: ' + b'x' * 1000 + b'\r\n')

    def get_hang(self):
        self.server.camera.closing.wait()

    def get_huge(self):
        self.send_response(200)
        self.send_header('Content-Type', 'multipart/x-mixed-replace; boundary=b')
        self.end_headers()
        self.wfile.write(b'--b\r\nContent-Length: 1099511627776\r\n\r\n')
        self.server.camera.closing.wait()


class HttpCamera:
    def __init__(self, case):
        self.asked, self.unchanged, self.still = [], 0, picture(0)
        self.closing = threading.Event()
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.server.camera = self
        self.address = f'127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        case.addCleanup(self.close)

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
