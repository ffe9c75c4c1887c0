"""Maps files into memory. Here a map reaches its file when it is flushed or closed, through the descriptor that it was made with."""
import mmap as module
import os


class mmap(module.mmap):
    """Has a descriptor of its own: a script or its end closes the file first, and the writes to the map would be lost."""

    __module__ = "mmap"
    _own = -1

    def __new__(cls, fileno, *args, **options):
        own = fileno if fileno == -1 else os.dup(fileno)
        try:
            made = super().__new__(cls, own, *args, **options)
        except BaseException:
            if own != -1:
                os.close(own)
            raise
        made._own = own
        return made

    def close(self, *, close=os.close):
        super().close()
        if self._own != -1:
            close(self._own)
            self._own = -1

    def __exit__(self, *error):
        self.close()

    def __del__(self):
        self.close()


def keep_maps():
    """Replaces `mmap.mmap` with this class."""
    module.mmap = mmap
