# Compiles SOURCE for CODES into the fat binary OUTPUT, its depfile OUTPUT.d and what ptxas says of
# each kernel, OUTPUT.txt. A script, because only a warning or an error should reach the terminal.
execute_process(
    COMMAND ${NVCC} -fatbin -std=c++20 -O3 --expt-relaxed-constexpr --compress-mode=size --threads 0 --resource-usage
        --Werror all-warnings -I ${ROOT} ${CODES} -MD -MF ${OUTPUT}.d -MT ${OUTPUT}
        -o ${OUTPUT} ${SOURCE}
    OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
file(WRITE ${OUTPUT}.txt "${said}")
if(failed)
    message(FATAL_ERROR "${said}")
endif()
