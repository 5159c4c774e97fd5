
def test_that_passes(): pass
def test_on_a_server(postgres_server): pass
def test_on_another(postgres_server): pass

def test_that_fails(): assert False
