"""A server on loopback, one thread a connection."""
import socket
import threading


def close_listening(listening):
    """The thread that waits in accept() is woken: it would wait on, and could take what comes to a later socket of this number."""
    try:
        listening.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    listening.close()


class Listener:
    """`talk(connection)` is what a server does with a connection; it may end it by any OSError, or ValueError."""

    def __init__(self):
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk_safely, args=(connection,), daemon=True).start()

    def talk_safely(self, connection):
        try:
            self.talk(connection)
        except (OSError, ValueError):
            pass
        connection.close()

    def close(self):
        close_listening(self.socket)
