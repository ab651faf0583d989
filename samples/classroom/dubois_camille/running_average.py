class Reset(Exception):
    """Remise à zéro."""


def running_average():
    nombre, moyenne = 0, None
    while True:
        try:
            x = yield moyenne
        except Reset:
            nombre, moyenne = 0, None
        else:
            if x is None:
                return nombre, moyenne
            nombre += 1
            if moyenne is None:
                moyenne = 0.0
            moyenne = moyenne + (x - moyenne) / nombre  # stable, même pour un million de valeurs
