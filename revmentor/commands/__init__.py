"""What the command line says of each part of a cycle, by module; `revmentor.cli` joins them."""
