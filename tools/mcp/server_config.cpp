#include "tools/mcp/server_config.h"

#include "engine/base/json_builder.h"
#include "engine/base/path_text.h"
#include "engine/base/utf8.h"
#include "tools/sandbox/path_parts.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace lares {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxServerName = 24;
constexpr std::size_t kMaxWords = 64;
constexpr std::size_t kMaxVariables = 64;
constexpr std::size_t kMaxServerFolders = 16;
constexpr std::size_t kMaxConfigText = 8192;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_server_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxServerName && is_letter_or_digit(name.front()) &&
           is_letter_or_digit(name.back()) && std::all_of(name.begin(), name.end(), [](char c) {
               return is_letter_or_digit(c) || c == '-';
           });
}

/// "Notes & Co" → "notes-co"
std::string fitting_name(std::string_view name) {
    std::string fitting;
    for (const char c : name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (is_letter_or_digit(lower)) {
            fitting += lower;
        } else if (!fitting.empty() && fitting.back() != '-') {
            fitting += '-';
        }
        if (fitting.size() == kMaxServerName) break;
    }
    while (fitting.ends_with('-')) fitting.pop_back();
    return fitting.empty() ? "server" : fitting;
}

bool is_variable_name(std::string_view name) {
    return !name.empty() && (name[0] < '0' || name[0] > '9') &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return is_letter_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
           });
}

Result<void> check_config_text(std::string_view text, const std::string& what) {
    if (text.size() > kMaxConfigText) return invalid_argument(what + " is too long");
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Unit unit = decode_utf8(text, i);
        if (unit.kind != Utf8Unit::Kind::Valid || unit.code_point < 0x20)
            return invalid_argument(what + " has a character that cannot be in it");
        i += unit.size;
    }
    return {};
}

/// Programs that fetch what they run: there is no network for a server to fetch it from.
Result<void> check_program(const std::string& program) {
    constexpr std::array<std::string_view, 8> kFetching = {"npx",  "uvx",  "bunx",   "pipx",
                                                           "pnpx", "yarn", "docker", "podman"};
    const std::string name = utf8_from_path(path_from_utf8(program).filename());
    const bool fetches =
        std::find(kFetching.begin(), kFetching.end(), std::string_view(name)) != kFetching.end();
    if (!fetches) return {};
    const bool is_node = name != "uvx" && name != "pipx" && name != "docker" && name != "podman";
    const std::string how =
        name == "docker" || name == "podman" ? "name the server's own program instead"
        : is_node ? "install it first (npm install --prefix FOLDER NAME) and name "
                    "the program in FOLDER/node_modules/.bin"
                  : "install it first (python3 -m venv FOLDER; FOLDER/bin/pip install "
                    "NAME) and name the program in FOLDER/bin";
    return invalid_argument(
        name + " fetches a server from the network, and a tool server has no network here: " + how);
}

std::string quoted_for_shell(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

Result<std::vector<std::string>> texts_of(const Json& list, const std::string& what) {
    std::vector<std::string> texts;
    if (!list.is_array()) return invalid_argument(what + " is no list");
    for (const Json& one : list) {
        if (!one.is_string()) return invalid_argument(what + " holds something else than texts");
        texts.push_back(one.get<std::string>());
    }
    return texts;
}

Result<Json> read_settings(std::string_view text) {
    constexpr std::size_t kMaxSettings = std::size_t{1} << 20;
    if (text.size() > kMaxSettings) return invalid_argument("it is larger than 1 MB");
    JsonBuilder<Json> builder(JsonBounds{.depth = 32, .n_value = 20'000, .n_key = 1000});
    if (!Json::sax_parse(text.begin(), text.end(), &builder))
        return invalid_argument(builder.problem());
    return std::move(builder.root());
}

Result<McpServerConfig> foreign_server(const std::string& name, const Json& settings) {
    if (!settings.is_object()) return invalid_argument("the server " + name + " is no object");
    if (settings.contains("url") || settings.contains("serverUrl"))
        return invalid_argument("the server " + name +
                                " is on the network, and Lares connects to nothing: only servers "
                                "that run on this computer can be used");
    if (!settings.contains("command") || !settings["command"].is_string())
        return invalid_argument("the server " + name + " has no \"command\"");
    McpServerConfig config;
    config.name = fitting_name(name);
    config.words = {settings["command"].get<std::string>()};
    if (settings.contains("args")) {
        ASSIGN_OR_RETURN(const auto arguments,
                         texts_of(settings["args"], "\"args\" of the server " + name));
        config.words.insert(config.words.end(), arguments.begin(), arguments.end());
    }
    if (settings.contains("env") && settings["env"].is_object()) {
        for (const auto& [variable, value] : settings["env"].items()) {
            if (!value.is_string())
                return invalid_argument("\"env\" of the server " + name + " holds no text");
            config.environment.emplace_back(variable, value.get<std::string>());
        }
    }
    config.folders = folders_of(config.words);
    if (Result<void> checked = check_server_config(config); !checked)
        return std::move(checked).error().with_context("the server " + name);
    return config;
}

bool is_system_path(const fs::path& path) {
    constexpr std::array<std::string_view, 10> kSystem = {"usr",  "bin", "sbin", "lib", "lib64",
                                                          "proc", "dev", "sys",  "etc", "run"};
    auto component = path.begin();
    if (component == path.end() || ++component == path.end()) return true;
    const std::string first = component->string();
    return std::find(kSystem.begin(), kSystem.end(), first) != kSystem.end();
}

/// The folder that a file of a program needs around it: of an environment's bin/ what holds it too.
fs::path folder_around(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return path;
    fs::path folder = path.parent_path();
    if (folder.filename() == "bin" || folder.filename() == ".bin") return folder.parent_path();
    return folder;
}

/// Of a script: the program in its first line, "#!/a/b/python3". Empty: it is none.
fs::path interpreter_of(const fs::path& script) {
    std::ifstream file(script, std::ios::binary);
    std::string line(256, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    if (!line.starts_with("#!")) return {};
    const std::size_t begin = line.find_first_not_of(" \t", 2);
    if (begin == std::string::npos) return {};
    const std::size_t end = line.find_first_of(" \t\r\n", begin);
    const fs::path path = path_from_utf8(line.substr(begin, end - begin));
    return path.is_absolute() ? path : fs::path();
}

}  // namespace

Result<void> check_server_config(const McpServerConfig& config) {
    if (!is_server_name(config.name))
        return invalid_argument(
            "a tool server's name has 1 to 24 of the characters a-z, 0-9 and - (not at an end)");
    if (config.words.empty() || config.words.front().empty() ||
        config.words.front().starts_with('-'))
        return invalid_argument("a tool server needs a program");
    if (config.words.size() > kMaxWords || config.environment.size() > kMaxVariables ||
        config.folders.size() > kMaxServerFolders)
        return invalid_argument("a tool server has at most 64 words, 64 variables and 16 folders");
    RETURN_IF_ERROR(check_program(config.words.front()));
    for (const std::string& word : config.words)
        RETURN_IF_ERROR(check_config_text(word, "the command"));
    for (const auto& [name, value] : config.environment) {
        if (!is_variable_name(name))
            return invalid_argument("a variable's name has letters, digits and _ only");
        RETURN_IF_ERROR(check_config_text(value, "the variable " + name));
    }
    for (const std::string& folder : config.folders) {
        RETURN_IF_ERROR(check_config_text(folder, "a folder"));
        if (!folder.starts_with('/') || folder.size() == 1)
            return invalid_argument(folder + ": a tool server's folder is a whole path, and not /");
    }
    return {};
}

Json json_of(const McpServerConfig& config) {
    Json environment = Json::object();
    for (const auto& [name, value] : config.environment) environment[name] = value;
    return {{"name", config.name},
            {"words", config.words},
            {"environment", std::move(environment)},
            {"folders", config.folders}};
}

Result<McpServerConfig> server_config_from_json(std::string_view text) {
    const auto damaged = [](const Error& error) {
        return Error{ErrorCode::Corrupt, "a tool server's settings are damaged: " + error.message};
    };
    const Result<Json> json = read_settings(text);
    if (!json) return damaged(json.error());
    McpServerConfig config;
    const auto is_whole = [&] {
        return json->is_object() && json->size() == 4 && json->contains("name") &&
               (*json)["name"].is_string() && json->contains("words") &&
               json->contains("environment") && (*json)["environment"].is_object() &&
               json->contains("folders");
    };
    if (!is_whole()) return damaged(invalid_argument("a field is missing"));
    config.name = (*json)["name"].get<std::string>();
    const auto words = texts_of((*json)["words"], "words");
    const auto folders = texts_of((*json)["folders"], "folders");
    if (!words) return damaged(words.error());
    if (!folders) return damaged(folders.error());
    config.words = *words;
    config.folders = *folders;
    for (const auto& [name, value] : (*json)["environment"].items()) {
        if (!value.is_string()) return damaged(invalid_argument("a variable is no text"));
        config.environment.emplace_back(name, value.get<std::string>());
    }
    if (const Result<void> checked = check_server_config(config); !checked)
        return damaged(checked.error());
    return config;
}

Result<std::vector<McpServerConfig>> servers_from_settings(std::string_view text) {
    ASSIGN_OR_RETURN(const Json settings, read_settings(text));
    const Json* servers = nullptr;
    for (const char* key : {"mcpServers", "servers"}) {
        if (!servers && settings.is_object() && settings.contains(key) && settings[key].is_object())
            servers = &settings[key];
    }
    if (!servers || servers->empty())
        return invalid_argument("there is no \"mcpServers\" with a server in it");
    std::vector<McpServerConfig> configs;
    for (const auto& [name, one] : servers->items()) {
        ASSIGN_OR_RETURN(McpServerConfig config, foreign_server(name, one));
        const bool is_twice =
            std::any_of(configs.begin(), configs.end(),
                        [&](const McpServerConfig& other) { return other.name == config.name; });
        if (is_twice) return invalid_argument("two servers would be named " + config.name);
        configs.push_back(std::move(config));
    }
    return configs;
}

std::vector<std::string> folders_of(const std::vector<std::string>& words) {
    std::vector<std::string> folders;
    const auto add = [&](const fs::path& path) {
        std::error_code error;
        if (!path.is_absolute() || is_system_path(path) || !fs::exists(path, error)) return;
        std::string folder = utf8_from_path(folder_around(path.lexically_normal()));
        while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
        const bool is_there =
            std::any_of(folders.begin(), folders.end(),
                        [&](const std::string& other) { return is_in_folder(other, folder); });
        if (!is_there && folder != "/") folders.push_back(std::move(folder));
    };
    // With where it leads: an environment's python is a link to one elsewhere.
    const auto add_program = [&](const fs::path& path) {
        add(path);
        std::error_code error;
        if (const fs::path real = fs::canonical(path, error); !error) add(real);
    };
    for (const std::string& word : words) {
        // "--root=/a/b" names a path too.
        const std::size_t equals = word.starts_with('-') ? word.find('=') : std::string::npos;
        const fs::path path =
            path_from_utf8(equals == std::string::npos ? word : word.substr(equals + 1));
        if (&word != &words.front()) {
            add(path);
        } else if (path.is_absolute()) {
            add_program(path);
            if (const fs::path runs_it = interpreter_of(path); !runs_it.empty())
                add_program(runs_it);
        }
    }
    return folders;
}

Result<std::vector<std::string>> words_of_line(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool is_in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool is_escape = c == '\\' && quote != '\'' && i + 1 < line.size();
        if (is_escape) {
            word += line[++i];
            is_in_word = true;
        } else if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                word += c;
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            is_in_word = true;
        } else if (c == ' ' || c == '\t') {
            if (is_in_word) words.push_back(std::exchange(word, {}));
            is_in_word = false;
        } else {
            word += c;
            is_in_word = true;
        }
    }
    if (quote != 0) return invalid_argument(std::string("a quote is not closed: ") + quote);
    if (is_in_word) words.push_back(std::move(word));
    return words;
}

std::string line_of_words(const std::vector<std::string>& words) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,@+%";
    std::string line;
    for (const std::string& word : words) {
        if (!line.empty()) line += ' ';
        const bool is_plain = !word.empty() && word.find_first_not_of(kPlain) == std::string::npos;
        line += is_plain ? word : quoted_for_shell(word);
    }
    return line;
}

std::string start_script(const McpServerConfig& config) {
    std::string script = "export HOME=" + std::string(kServerDataPlace) + "\n";
    for (const auto& [name, value] : config.environment)
        script += "export " + name + "=" + quoted_for_shell(value) + "\n";
    script += "exec";
    for (const std::string& word : config.words) script += " " + quoted_for_shell(word);
    return script + "\n";
}

}  // namespace lares
