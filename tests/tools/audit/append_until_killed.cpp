// append_until_killed FOLDER NAME COUNT: writes entries of a conversation NAME into the log in
// FOLDER, COUNT of them, and prints the number of each as soon as the log has it. With COUNT 0
// until it is killed, and then it also forgets the conversation now and then, and keeps 200
// entries.
#include "tools/audit/audit_log.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace lares;

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int count = std::atoi(argv[3]);
    AuditLog::Options options;
    if (count == 0) options.max_entries = 200;
    const auto log = AuditLog::open(argv[1], options);
    if (!log) {
        std::fprintf(stderr, "%s\n", log.error().message.c_str());
        return 1;
    }
    std::puts("0");  // it is open
    std::fflush(stdout);
    for (int i = 0; count == 0 || i < count; ++i) {
        DecidedCall call;
        call.conversation = argv[2];
        call.turn = argv[2];
        call.tool = "read_file";
        call.is_allowed = true;
        call.arguments = R"({"path":"/a/)" + std::string(i % 50, 'x') + "\"}";
        const auto entry = (*log)->decided(call);
        if (!entry) {
            std::fprintf(stderr, "%s\n", entry.error().message.c_str());
            return 1;
        }
        std::printf("%lld\n", static_cast<long long>(*entry));
        std::fflush(stdout);
        if (count == 0 && i % 5 == 4) (void)(*log)->forget(std::vector<std::string>{argv[2]});
    }
    return 0;
}
