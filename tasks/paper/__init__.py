"""Letters on paper: the forms of PERKI 1/2021 and the city's own, set by Typst from `config/letters/`."""
