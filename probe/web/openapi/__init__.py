"""What the service says of itself to programs: an OpenAPI 3.1 document, made of its routes."""
