// ./dev sim: runs seeds and prints what became of them.
int main() { return 0; }
